"""Private files of the state folder: the bank's own keys, made once, and the vendors' credentials."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def make_bank_secrets(path: Path) -> None:
    """Make the bank's keys once; what they encrypted can be read only with them, so they are never replaced."""
    if path.exists():
        return
    single = {name: _key() for name in ("index_key", "token_key", "cursor_key", "webhook_key")}
    write_private(path, {"data_keys": {"k1": _key()}, "active_data_key": "k1", **single})


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Readable by its owner only from its first byte on, and never half written."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
