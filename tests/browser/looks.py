"""What a page looks like, narrow and wide, by day and by night: nothing cut, nothing for axe to find."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Frame, Page

AXE = Path(__file__).parents[2] / "h5" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = os.environ.get("DUKOU_SCREENSHOTS", "")
SIZES = {375: 812, 1280: 860}
SCHEMES = ("light", "dark")
LOOK = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Text that its own box or the window cuts off, and pages that scroll sideways. Boxes may scroll by themselves.
CUT = """() => {
  const page = document.documentElement;
  const found = [];
  if (page.scrollWidth > page.clientWidth) found.push(`the page is ${page.scrollWidth} wide in ${page.clientWidth}`);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.data.trim() || !text.parentElement.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (box.width < 2 || box.right < 0) continue; // not shown, or a link for the keyboard that waits outside
    let around = text.parentElement, style = getComputedStyle(around);
    if (style.clipPath !== 'none') continue;
    while (around !== page && style.overflowX === 'visible') {
      around = around.parentElement;
      style = getComputedStyle(around);
    }
    if (style.clipPath !== 'none' || style.webkitLineClamp !== 'none') continue;
    const edge = around === page ? page.clientWidth : around.getBoundingClientRect().right;
    const scrolls = around !== page && ['auto', 'scroll'].includes(style.overflowX);
    if (!scrolls && box.right > edge + 1) found.push(`cut: ${text.data.trim().slice(0, 60)}`);
  }
  return found;
}"""


def web_frames(page: Page) -> list[Frame]:
    """The page's frames that show something."""
    return [frame for frame in page.frames if frame.url.startswith("http")]


def axe(page: Page) -> list[str]:
    """What axe finds in every frame of the page, as it is now."""
    found: list[str] = []
    for frame in web_frames(page):
        if not frame.evaluate("typeof window.axe === 'object'"):
            frame.evaluate(AXE.read_text())
        rules = frame.evaluate("axe.run({ preload: false, rules: { region: { enabled: false } } })")
        found += [
            f"{rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in rules["violations"]
            for node in rule["nodes"]
        ]
    return found


def cut(page: Page) -> list[str]:
    """Text that cannot be read whole, and pages that scroll sideways."""
    return [line for frame in web_frames(page) for line in frame.evaluate(CUT)]


def largest_text(page: Page) -> list[str]:
    """What is cut when the reader has doubled the size of all text."""
    for frame in web_frames(page):
        frame.evaluate("document.documentElement.style.fontSize = '200%'")
    try:
        page.evaluate(LOOK)
        return cut(page)
    finally:
        for frame in web_frames(page):
            frame.evaluate("document.documentElement.style.fontSize = ''")


def look_over(page: Page, name: str, *, full: bool = True) -> None:
    """The page at both widths; axe by day on the narrow one and by night on the wide one. All four when pictures are
    asked for. Afterwards the page is as it was. `full`: the picture shows the whole page, not only the window."""
    was = page.viewport_size
    scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    found: list[str] = []
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for look in SCHEMES:
            checked = (width == 375) == (look == "light")
            if not (checked or PICTURES):
                continue
            page.emulate_media(color_scheme=look)
            page.evaluate(LOOK)
            found += [f"{name} {width} {look}: {line}" for line in [*cut(page), *(axe(page) if checked else [])]]
            if PICTURES:
                Path(PICTURES).mkdir(parents=True, exist_ok=True)
                if full:  # a window as high as the page: what sticks to its edge is where it belongs
                    wanted = page.evaluate("Math.min(document.documentElement.scrollHeight, 6000)")
                    page.set_viewport_size({"width": width, "height": max(height, wanted)})
                page.screenshot(path=f"{PICTURES}/{name}-{width}-{look}.png")
                page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    if was:
        page.set_viewport_size(was)
    assert not found, "\n".join(found)
