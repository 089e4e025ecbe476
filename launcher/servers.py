"""The two servers of a run: ours in the state folder, or those that the environment names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg
import redis

from launcher.account import CannotStart
from launcher.databases import APP, OWNER, ensure_databases, url
from launcher.postgres import Cluster, find_binaries
from launcher.processes import is_alive
from launcher.progress import step
from launcher.settings import LauncherSettings
from launcher.state import State
from launcher.valkey import Valkey, find_binary

DATABASE = "dukou"


@dataclass(frozen=True)
class Addresses:
    """What the programs need to know of the servers."""

    app_url: str = field(repr=False)
    owner_url: str = field(repr=False)
    redis_url: str = field(repr=False)


class Servers:
    """Starts what is ours, checks what is somebody else's, and stops only what is ours."""

    def __init__(self, settings: LauncherSettings) -> None:
        self._settings = settings
        self._state = State(settings.state)
        self._watched: dict[str, int] = {}
        self._stops: list[Callable[[], None]] = []

    def start(self) -> Addresses:
        """Raises CannotStart; what was started by then is stopped by `stop`."""
        app_url, owner_url = self._start_postgres()
        return Addresses(app_url, owner_url, self._start_valkey())

    def stop(self) -> None:
        """In reverse order."""
        while self._stops:
            self._stops.pop()()

    def ended(self) -> str | None:
        """A sentence once one of ours has ended by itself."""
        for name, pid in self._watched.items():
            if not is_alive(pid):
                return f"{name} ended; see its log in {self._state.folder}."
        return None

    def _start_postgres(self) -> tuple[str, str]:
        given, owner = self._settings.database_url, self._settings.migration_database_url
        if given and owner:
            step("PostgreSQL (DATABASE_URL)", lambda: _ask_database("DATABASE_URL", given))
            _ask_database("MIGRATION_DATABASE_URL", owner)
            return given, owner
        cluster = Cluster(self._state.postgres, find_binaries())
        self._stops.append(cluster.stop)
        self._watched["PostgreSQL"] = step("PostgreSQL", cluster.start)
        ensure_databases(cluster, DATABASE)
        return url(cluster, APP, DATABASE), url(cluster, OWNER, DATABASE)

    def _start_valkey(self) -> str:
        if given := self._settings.redis_url:
            step("Redis (REDIS_URL)", lambda: _ask_redis(given))
            return given
        valkey = Valkey(self._state.valkey, find_binary())
        self._stops.append(valkey.stop)
        self._watched["Valkey"] = step("Valkey", valkey.start)
        return valkey.url


def stop_left_servers(state: State) -> None:
    """Stop servers that a killed launcher left running in this state."""
    if (state.postgres / "postgres.password").exists():
        Cluster(state.postgres, find_binaries()).stop()
    if state.valkey.exists():
        Valkey(state.valkey, find_binary()).stop()


def _ask_database(name: str, address: str) -> None:
    try:
        psycopg.connect(address.replace("+psycopg://", "://", 1), connect_timeout=10).close()
    except psycopg.Error as error:
        reason = (str(error).strip() or error.__class__.__name__).splitlines()[-1]
        raise CannotStart(f"{name} does not answer: {reason}") from error


def _ask_redis(address: str) -> None:
    try:
        with redis.Redis.from_url(address, socket_timeout=10) as client:
            client.ping()
    except (redis.exceptions.RedisError, ValueError) as error:
        raise CannotStart(f"REDIS_URL does not answer: {error}") from error
