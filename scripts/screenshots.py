"""Pictures of every page of shop, widgets, mini-program, console, portal, documents and desk, where browser tests stop.

Each page is taken at 375 and 1280 px, light and dark; `all.html` in the folder shows them beside each other.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
WALKS = (
    *("pages", "journey", "console", "refusals", "elements", "signing_in", "handoff", "widgets", "portal"),
    *("miniprogram", "miniprogram_early", "miniprogram_account", "miniprogram_people", "another_bank"),
)
NAME = re.compile(r"(?P<page>.+)-(?P<width>375|1280)-(?P<look>light|dark)")
LOOKS = [(width, look) for width in ("375", "1280") for look in ("light", "dark")]


def main() -> int:
    """`screenshots.py FOLDER [walk …] [pytest arguments]`; exit code 1 when a walk did not get to its end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go; made if it is not there")
    parser.add_argument("walks", nargs="*", help=f"only these of {WALKS}")
    arguments, more = parser.parse_known_args()
    folder = arguments.folder.resolve()
    env = os.environ | {"DUKOU_SCREENSHOTS": str(folder)}
    walks = [f"tests/browser/test_{name}.py" for name in arguments.walks or WALKS]
    walk = [sys.executable, "-m", "pytest", *walks, "-m", "browser", *more]
    done = subprocess.run(walk, check=False, cwd=ROOT, env=env)
    pictures = {path.stem for path in folder.glob("*.png")}
    (folder / "all.html").write_text(_sheet(pictures), encoding="utf-8")
    missing = sorted(_missing(pictures))
    print(f"{len(pictures)} pictures in {folder}, beside each other in all.html")  # noqa: T201
    for name in missing:
        print(f"  missing: {name}")  # noqa: T201
    return done.returncode or bool(missing)


def _pages(pictures: set[str]) -> list[str]:
    return sorted({found["page"] for name in pictures if (found := NAME.fullmatch(name))})


def _missing(pictures: set[str]) -> set[str]:
    """Looks that a page should have and has not; a page that lives on what its phone remembers is on the phone only."""
    wanted = {f"{page}-{width}-{look}" for page in _pages(pictures) for width, look in LOOKS}
    phones = {page for page in _pages(pictures) if page.startswith("phone-")}
    only_there = {page for page in phones if not {f"{page}-1280-{look}" for look in ("light", "dark")} & pictures}
    return wanted - pictures - {f"{page}-1280-{look}" for page in only_there for look in ("light", "dark")}


def _sheet(pictures: set[str]) -> str:
    """One page that shows all pictures, a row for each page."""
    rows = []
    for page in _pages(pictures):
        images = "".join(
            f'<a href="{name}.png"><img src="{name}.png" alt="{name}" height="420" loading="lazy"></a> '
            for width, look in LOOKS
            if (name := f"{page}-{width}-{look}") in pictures
        )
        rows.append(f"<h2>{escape(page)}</h2><p>{images}</p>")
    return f'<!doctype html><meta charset="utf-8"><title>Every page</title>{"".join(rows)}'


if __name__ == "__main__":
    sys.exit(main())
