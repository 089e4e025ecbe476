"""A box whose file took over its program and tries the doors."""

import os
import socket
from pathlib import Path

from app.databox import box


def tries(door) -> str:
    try:
        door()
    except OSError:
        return "OSError"
    return "open"


def looks(raw: bytes) -> dict[str, object]:
    found = {
        "file": tries(lambda: Path("/etc/hostname").read_text()),
        "socket": tries(socket.socket),
        "environment": sorted(name for name in os.environ if not name.startswith("LC_")),
    }
    return {"kind": "x", "media_type": "x", "fields": found}


box.readings.read = looks
box.main()
