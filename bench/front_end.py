"""What the front ends weigh and how soon they are there, beside a plain Vue page of the same weight in the same run.

Sizes, requests and layout shift are budgets: outgrown, the run fails. Times are told as medians with their spread and
as a ratio to the plain page, at a quarter of the processor's speed and on a slow mobile network; they are no budget.
"""

import contextlib
import http.server
import json
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

import migrations
from tests.servers import start_servers
from tests.stack import Stack

ROOT = Path(__file__).parents[1]
DIST = ROOT / "h5" / "dist"
LOADER_BYTES, ELEMENTS_BYTES, SCREEN_BYTES = 3_000, 6_000, 40_000
BADGE_REQUESTS = 2
RUNS = 7
CPU_SLOWDOWN = 4
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
CHROMIUM = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu", "--disable-quic"]}
PHONE = {"viewport": {"width": 375, "height": 812}}
WATCH = """
window.shifted = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shifted += one.value; })
  .observe({ type: 'layout-shift', buffered: true });
new MutationObserver(() => {
  if (!window.readyAt && document.querySelector('h1 + * ~ * [data-go]')) window.readyAt = performance.now();
}).observe(document, { childList: true, subtree: true });
"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


def main() -> None:
    """Print every figure; exit code 1 when a budget is outgrown."""
    sizes()
    with tempfile.TemporaryDirectory() as name, system(Path(name)) as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)  # type: ignore[arg-type]
        partners_pages(browser, stack)
        with plain_page(Path(name) / "plain") as plain:
            first_screen(browser, stack, plain)
        browser.close()


def sizes() -> None:
    """What is sent: the script partners include, with every element, and the widget's first screen."""
    manifest = json.loads((DIST / "manifest.json").read_text())
    loader, more = DIST / manifest["loader"], next(DIST.glob("more-*.js"))
    script, style = (DIST / "assets" / path.rpartition("/")[2] for path in _first_files(manifest))
    for what, files, most in (
        ("the script partners include", [loader], LOADER_BYTES),
        ("that script with every element", [loader, more], ELEMENTS_BYTES),
        ("the first screen's script", [script], SCREEN_BYTES),
        ("the first screen's style", [style], 0),
    ):
        packed, brotli = (sum(Path(f"{file}{end}").stat().st_size for file in files) for end in (".gz", ".br"))
        print(f"{what}: {packed} B gz, {brotli} B br")
        if most and packed > most:
            sys.exit(f"{what} has outgrown {most} B")


def _first_files(manifest: dict[str, Any]) -> tuple[str, str]:
    return manifest["widgets"]["script"], manifest["widgets"]["styles"][0]


def partners_pages(browser: Browser, stack: Stack) -> None:
    """How often a product page asks the bank until the badge is painted, and what moves there and at the check-out."""
    page = _open(browser)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if stack.embed_url in one.url else None)
    page.goto(f"{stack.sandbox.base_url}/shop/products/fridge")
    page.get_by_text("年化利率（单利）").wait_for()
    requests, moved = len(asked), {"product page": page.evaluate("window.shifted")}
    page.locator("button[name=then]").click()
    page.locator("loan-apply[data-ready]").wait_for()
    page.get_by_text("年化利率（单利）").wait_for()
    moved["check-out"] = page.evaluate("window.shifted")
    page.context.close()
    print(f"requests to the bank until the badge is painted: {requests}, the script among them")
    print(f"layout shift: {', '.join(f'{where} {shift:.4f}' for where, shift in moved.items())}")
    if requests > BADGE_REQUESTS or any(moved.values()):
        sys.exit("the badge asks too often, or moves the partner's page")


def first_screen(browser: Browser, stack: Stack, plain: str) -> None:
    """First paint and readiness of the widget's first screen and of the plain page, in turns, each without a cache."""
    found: dict[str, list[tuple[float, float]]] = {"the widget": [], "a plain Vue page": []}
    for _ in range(RUNS):
        found["the widget"].append(timed(browser, way_in(stack)))
        found["a plain Vue page"].append(timed(browser, plain))
    for what, times in found.items():
        paints, readies = zip(*times, strict=True)
        print(f"{what}: first paint {_spread(paints)}, ready {_spread(readies)}")
    ours, theirs = (statistics.median(ready for _, ready in times) for times in found.values())
    print(f"ready: {ours / theirs:.2f} times the plain page, which asks nobody and knows no order")


def way_in(stack: Stack) -> str:
    """A one-time address of the widget as a full page, for a new order."""
    order = stack.sandbox.post("/sandbox/api/shop/orders", {"amount_fen": 1_299_900})
    told = stack.sandbox.post(f"/shop/api/orders/{order['order_ref']}/loan-session", {"component": "apply"})
    return str(told["redirect_url"])


def timed(browser: Browser, url: str) -> tuple[float, float]:
    """Milliseconds from leaving for the page to its first paint and to the button that can be tapped."""
    page = _open(browser)
    device = page.context.new_cdp_session(page)
    device.send("Network.enable")
    device.send("Network.emulateNetworkConditions", SLOW_4G)
    device.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    page.goto(url)
    paint, ready = _once(page, FIRST_PAINT), _once(page, "window.readyAt ?? 0")
    page.context.close()
    return paint, max(paint, ready)  # what is there but not painted cannot be tapped


def _once(page: Page, value: str) -> float:
    """A figure of the page, as soon as there is one; asked from outside, as the page's policy forbids `eval`."""
    for _ in range(1200):
        if found := float(page.evaluate(value)):
            return found
        page.wait_for_timeout(50)
    sys.exit(f"{value} did not come")


def _open(browser: Browser) -> Page:
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    context.add_init_script(WATCH)
    return context.new_page()


def _spread(milliseconds: tuple[float, ...]) -> str:
    return f"{statistics.median(milliseconds):.0f} ms ({min(milliseconds):.0f} to {max(milliseconds):.0f})"


@contextlib.contextmanager
def system(folder: Path) -> Iterator[Stack]:
    """The whole system on servers of its own."""
    servers = start_servers()
    try:
        servers.make_template(migrations.migrate)
        with Stack(folder, servers, servers.copy_database("front_end")) as stack:
            yield stack
    finally:
        servers.stop()


class Packed(http.server.SimpleHTTPRequestHandler):
    """Files packed by brotli, as the bank sends its own."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        packed = Path(f"{path}.br")
        body = packed.read_bytes() if packed.is_file() else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "br")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def plain_page(folder: Path) -> Iterator[str]:
    """The plain page, built now and served on this machine."""
    subprocess.run(["node", "scripts/plain.mjs", str(folder)], cwd=ROOT / "h5", check=True)
    script = next((folder / "assets").glob("*.js.br"))
    print(f"the plain page's script: {script.stat().st_size} B br")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Packed, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


if __name__ == "__main__":
    main()
