"""What a person may set for `make run`, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from launcher.account import CannotStart, default_state

CLONE = Path(__file__).resolve().parents[1]
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}


@dataclass(frozen=True)
class LauncherSettings:
    """Ports, the state folder, and the servers of somebody else, if they are to be used instead of ours."""

    port: int
    sandbox_port: int
    bind: str
    state: Path
    database_url: str | None = field(default=None, repr=False)
    migration_database_url: str | None = field(default=None, repr=False)
    redis_url: str | None = field(default=None, repr=False)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> LauncherSettings:
        """Raises CannotStart with the name of the setting that is wrong."""
        settings = cls(
            port=_port(env, "DUKOU_PORT", 8000),
            sandbox_port=_port(env, "DUKOU_SANDBOX_PORT", 8001),
            bind=env.get("DUKOU_BIND") or "127.0.0.1",
            state=_state(env),
            database_url=env.get("DATABASE_URL") or None,
            migration_database_url=env.get("MIGRATION_DATABASE_URL") or None,
            redis_url=env.get("REDIS_URL") or None,
        )
        if settings.port == settings.sandbox_port:
            raise CannotStart(f"DUKOU_PORT and DUKOU_SANDBOX_PORT are both {settings.port}; they must differ.")
        if bool(settings.database_url) != bool(settings.migration_database_url):
            raise CannotStart(
                "DATABASE_URL (the application's role) and MIGRATION_DATABASE_URL (the owner's role) go together: "
                "set both, or neither to use the embedded PostgreSQL."
            )
        return settings

    @property
    def web_url(self) -> str:
        """Where the launcher and people on this machine reach the web server."""
        host = WILDCARDS.get(self.bind, self.bind)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def public_url(self) -> str:
        """The bank's own address in links and signatures."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def embed_url(self) -> str:
        """The same server under another name: for a browser that is another origin than the bank's pages."""
        return f"http://localhost:{self.port}"

    @property
    def sandbox_url(self) -> str:
        """The outside world."""
        return f"http://127.0.0.1:{self.sandbox_port}"


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotStart(f"{name} is {text!r}; it must be a port between 1 and 65535.")
    return int(text)


def _state(env: Mapping[str, str]) -> Path:
    if chosen := env.get("DUKOU_STATE"):
        return Path(chosen).expanduser().absolute()
    return default_state(CLONE)
