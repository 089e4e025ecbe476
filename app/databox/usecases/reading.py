"""A foreign file is read by a process of its own that may be killed: see `app.databox.box`."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from app.databox.domain.documents import REFUSALS

SECONDS = 20.0  # of the clock; the box has less of the processor
MOST_ANSWER_BYTES = 16 << 20
AT_ONCE = 2  # boxes of one process: reading must not take the machine from those who pay
ROOT = Path(__file__).parents[3]
_places = threading.BoundedSemaphore(AT_ONCE)


def read_in_box(raw: bytes, *, program: str = "app.databox.box", seconds: float = SECONDS) -> dict[str, Any]:
    """What the box says of a file: `{"kind", "media_type", "fields"}` or `{"refused", "place"}`.

    A box that dies, is killed, or answers what it should not, is a refusal: the file did that.
    """
    with _places:
        raw_answer, code = _run([sys.executable, "-m", program], raw, seconds)
    if code is None or code < 0:
        return {"refused": "took_too_long", "place": None}
    try:
        answer: dict[str, Any] = json.loads(raw_answer)
    except ValueError:
        return {"refused": "too_large_inside", "place": None}
    if "refused" in answer and answer["refused"] not in REFUSALS:
        return {"refused": "type_unknown", "place": None}
    return answer


def _run(command: list[str], raw: bytes, seconds: float) -> tuple[bytes, int | None]:
    """(output, exit code); the code is negative when it was killed."""
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, env={}, cwd=ROOT, close_fds=True) as box:
        timer = threading.Timer(seconds, box.kill)
        timer.start()
        try:
            assert box.stdin is not None and box.stdout is not None
            with contextlib.suppress(BrokenPipeError):
                box.stdin.write(raw)
            with contextlib.suppress(BrokenPipeError):
                box.stdin.close()
            answer = box.stdout.read(MOST_ANSWER_BYTES + 1)
            if len(answer) > MOST_ANSWER_BYTES:
                box.kill()
                answer = b""
            return answer, box.wait()
        finally:
            timer.cancel()
