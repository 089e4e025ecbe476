"""The box: the program that reads one foreign file from its input and can reach nothing else.

Started as `python -m app.databox.box` with an empty environment. Before it looks at the first byte it gives away:
memory above a limit, CPU time above a limit, and the right to open anything, which is files and network alike.
"""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import io
import json
import resource
import sys

import openpyxl

from app.databox.domain import content, readings

MEMORY_BYTES = 512 << 20
CPU_SECONDS = 8
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # linux/sched.h


def main() -> None:
    """Read stdin, write one JSON value."""
    for encoding in ("gb18030", "utf-8-sig", "ascii", "latin-1", "utf-16", "cp437"):
        codecs.lookup(encoding)
    "".encode("gb18030")  # its tables are a library of their own: load it while files can be opened
    _warm_up()
    _leave_network()
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(limit, (most, most))
    json.dump(_read(sys.stdin.buffer.read()), sys.stdout, ensure_ascii=True, default=str)


def _warm_up() -> None:
    """Read a workbook of our own, so that what its library loads late is loaded while files can be opened."""
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["期初余额", 1.5])
    book.save(target)
    content.workbook_rows(target.getvalue())


def _read(raw: bytes) -> dict[str, object]:
    try:
        return readings.read(raw)
    except (MemoryError, RecursionError):
        return {"refused": "too_large_inside", "place": None}


def _leave_network() -> None:
    """A network of its own with nothing in it, where the kernel lets an ordinary process have one."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(NEW_USER | NEW_NETWORK)


if __name__ == "__main__":
    main()
