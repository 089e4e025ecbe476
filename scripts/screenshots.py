"""Pictures of every screen of the shop with the bank's window: the browser tests walk, and stop for a picture."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> int:
    """`python scripts/screenshots.py FOLDER [pytest arguments]`; exit code 1 when a walk did not get to its end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go; made if it is not there")
    arguments, more = parser.parse_known_args()
    folder = arguments.folder.resolve()
    env = os.environ | {"DUKOU_SCREENSHOTS": str(folder)}
    walk = [sys.executable, "-m", "pytest", "tests/browser", "-m", "browser", *more]
    done = subprocess.run(walk, check=False, cwd=ROOT, env=env)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")  # noqa: T201
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
