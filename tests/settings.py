"""Settings for tests: invented keys, channels taken from a sandbox's world."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from config.settings import Secrets, Settings, load_bank
from launcher.channels import channels_of
from launcher.keys import write_private
from tests.sandbox_process import SandboxProcess


def bank_secrets() -> Secrets:
    """Fixed keys: tests compare hashes."""
    return Secrets(
        data_keys={"t1": bytes(range(32))},
        active_data_key="t1",
        index_key=b"i" * 32,
        token_key=b"t" * 32,
        cursor_key=b"c" * 32,
        webhook_key=b"w" * 32,
    )


def write_bank_secrets(path: Path) -> None:
    """The fixed keys as the file that a process of its own reads: it opens what the tests sealed."""
    secrets = bank_secrets()
    names = ("index_key", "token_key", "cursor_key", "webhook_key")
    plain: dict[str, Any] = {name: base64.b64encode(getattr(secrets, name)).decode() for name in names}
    plain["data_keys"] = {name: base64.b64encode(key).decode() for name, key in secrets.data_keys.items()}
    write_private(path, {**plain, "active_data_key": secrets.active_data_key})


def make_settings(database_url: str, redis_url: str, sandbox: SandboxProcess, **changes: object) -> Settings:
    """Settings of a web or worker process in tests."""
    values: dict[str, object] = {
        "environment": "test",
        "database_url": database_url,
        "redis_url": redis_url,
        "public_url": sandbox.bank_url,
        "embed_url": sandbox.bank_url,
        "secrets": bank_secrets(),
        "channels": channels_of(sandbox.world, sandbox.base_url),
        "bank": load_bank(Path(__file__).parents[1] / "config" / "bank.toml"),
        "embed_mode": "framed",
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]
