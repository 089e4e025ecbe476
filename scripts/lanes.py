"""The tests in two lanes side by side, each with servers of its own: about half the time on two cores.

What drives browsers and kills processes mostly waits; all the rest mostly computes. Every folder of tests runs in
exactly one lane, a new folder in the second without being named. Lines come with the name of their lane.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Lock, Thread

ROOT = Path(__file__).parents[1]
SCREENS = ("browser", "journeys", "drills", "launcher", "portal")
CHECKED_BEFORE = ("architecture",)


def lanes(tests: Path) -> dict[str, list[str]]:
    """The folders of each lane, as arguments for pytest."""
    folders = sorted(file.parent.relative_to(tests).parts[0] for file in tests.glob("*/**/test_*.py"))
    known = [name for name in dict.fromkeys(folders) if name not in CHECKED_BEFORE]
    screens = [name for name in known if name in SCREENS]
    return {
        "screens": [f"tests/{name}" for name in screens],
        "rules": [f"tests/{name}" for name in known if name not in screens],
    }


def _print_lines(lane: str, run: subprocess.Popen[str], printing: Lock) -> None:
    assert run.stdout
    for line in run.stdout:
        with printing:
            sys.stdout.write(f"{lane:<8}| {line}")
            sys.stdout.flush()


def main(more: list[str]) -> int:
    """`python scripts/lanes.py [pytest arguments]`; exit code 1 when a lane failed."""
    command = [sys.executable, "-m", "pytest", "--color=no", *more]
    runs, printing = {}, Lock()
    for lane, folders in lanes(ROOT / "tests").items():
        runs[lane] = subprocess.Popen(
            [*command, *folders], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    readers = [Thread(target=_print_lines, args=(lane, run, printing)) for lane, run in runs.items()]
    for reader in readers:
        reader.start()
    try:
        failed = {lane: run.wait() for lane, run in runs.items()}
    except KeyboardInterrupt:  # the lanes got it too and clear up after themselves
        failed = {lane: run.wait() for lane, run in runs.items()}
    for reader in readers:
        reader.join()
    for lane, code in failed.items():
        sys.stdout.write(f"{lane:<8}| {'passed' if code == 0 else f'FAILED (exit code {code})'}\n")
    return 1 if any(failed.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
