"""Settings for tests: invented keys, channels taken from a sandbox's world."""

from __future__ import annotations

from pathlib import Path

from config.settings import Secrets, Settings, load_bank
from launcher.channels import channels_of
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
