"""The pictures of the READMEs, taken where the browser tests stop: `make pictures` writes docs/pictures anew."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "pictures"
CHROMIUM = os.environ.get("DUKOU_CHROMIUM", "/usr/bin/chromium")
MOST_BYTES = 160_000
PAGE = '<body style="margin:0"><img src="data:image/png;base64,{}" style="display:block">'
# Which picture of which walk, and the part of it: left, top, width, height.
PICTURES = {
    "shop": ("framed-offer-1280-light", (0, 0, 1280, 860)),
    "mini-program": ("phone-home-1280-light", (230, 0, 820, 900)),
    "console": ("console-application-declined-1280-light", (0, 0, 1280, 660)),
}
STOPS = (
    "test_journey.py::test_with_the_keyboard_alone",
    "test_miniprogram.py::test_every_page_passes_axe_by_day_and_by_night",
    "test_console.py::test_every_page_in_every_look",
)


def main() -> int:
    """Exit code 1 when a walk does not get to its end or a picture is too heavy for a README."""
    with tempfile.TemporaryDirectory() as name:
        walks = [f"tests/browser/{stop}" for stop in STOPS]
        env = os.environ | {"DUKOU_SCREENSHOTS": name}
        done = subprocess.run([sys.executable, "-m", "pytest", *walks, "-m", "browser"], check=False, cwd=ROOT, env=env)
        if done.returncode:
            return done.returncode
        _cut_out(Path(name))
    heavy = [f"{path.name}: {path.stat().st_size}" for path in TARGET.glob("*.png") if path.stat().st_size > MOST_BYTES]
    print("\n".join(heavy) or f"{len(PICTURES)} pictures in {TARGET}")  # noqa: T201
    return bool(heavy)


def _cut_out(folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        for name, (source, (left, top, width, height)) in PICTURES.items():
            picture = base64.b64encode((folder / f"{source}.png").read_bytes()).decode()
            page.set_content(PAGE.format(picture))
            clip = {"x": left, "y": top, "width": width, "height": height}
            page.screenshot(path=TARGET / f"{name}.png", clip=clip, full_page=True)  # type: ignore[arg-type]
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
