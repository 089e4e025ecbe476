"""The quick start is true: its own code blocks, run in an empty folder, come to a verified webhook and a widget."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from html import unescape
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.factories.portal import PASSWORD
from tests.sandbox_process import free_port
from tests.stack import Stack

BLOCK = re.compile(r'<code data-(file|run)="([^"]+)">(.*?)</code>', re.DOTALL)
MARK = re.compile(r'name="form_mark" value="([0-9a-f]{64})"')


class Portal:
    """What the reader does in the portal by hand: sign up, make a key, register an origin, copy four things."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=f"{url}/portal", trust_env=False, timeout=30)

    def post(self, path: str, page: str, **form: object) -> str:
        mark = MARK.search(self.http.get(page).text)
        assert mark
        answer = self.http.post(path, data={"form_mark": mark[1], **form})
        assert answer.status_code in (201, 303), answer.text
        return answer.text

    def collect(self, origin: str) -> dict[str, str]:
        login = f"quick-{free_port()}"
        self.post("/sign-up", "/sign-up", company="五分钟测试", login=login, password=PASSWORD)
        scopes = re.findall(r'name="scopes" value="([^"]+)"', self.http.get("/keys").text)
        made = self.post("/keys", "/keys", algorithm="hmac-sha256", scopes=scopes)
        self.post("/origins", "/origins", origin=origin)
        found = {
            "key_test_…": re.search(r"<code>(key_test_[^<]+)</code>", made),
            "sk_test_…": re.search(r'class="secret">([^<]+)<', made),
            "pk_test_…": re.search(r"<code>(pk_test_[^<]+)</code>", self.http.get("/").text),
        }
        return {name: match[1] for name, match in found.items() if match}


def blocks(page: str, values: dict[str, str]) -> list[tuple[str, str, str]]:
    """(file or run, its name or way, text) in the order of the page, with the reader's own values put in."""
    found = []
    for kind, how, text in BLOCK.findall(page):
        plain = unescape(text)
        for placeholder, value in values.items():
            plain = plain.replace(placeholder, value)
        found.append((kind, how, plain))
    return found


@contextmanager
def running(command: str, folder: Path, env: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["sh", "-ec", command], cwd=folder, env=env, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(log: Path, words: str) -> None:
    deadline = time.monotonic() + 60
    while words not in log.read_text():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def environment() -> dict[str, str]:
    """A reader's machine whose package index knows what we have installed: no test asks the outside for anything."""
    kept = {name: value for name, value in os.environ.items() if name in ("HOME", "LANG", "TMPDIR")}
    scripts, packages = sysconfig.get_path("scripts"), sysconfig.get_path("purelib")
    return kept | {
        "PATH": f"{scripts}:/usr/bin:/bin",
        "PYTHONPATH": packages,
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "NO_PROXY": "127.0.0.1,localhost",
    }


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_the_code_blocks_are_the_same_in_both_languages(stack: Stack, locale: str) -> None:
    page = httpx.get(f"{stack.web_url}/docs/quick-start?lang={locale}", trust_env=False)
    assert page.status_code == 200
    chinese = httpx.get(f"{stack.web_url}/docs/quick-start?lang=zh-CN", trust_env=False)
    assert BLOCK.findall(page.text) == BLOCK.findall(chinese.text) != []


def test_from_an_empty_folder_to_a_verified_webhook(
    stack: Stack, chromium: Browser, tmp_path: Path, record_property: object
) -> None:
    began = time.monotonic()
    port = free_port()
    values = Portal(stack.web_url).collect(f"http://localhost:{port}")
    assert len(values) == 3
    page = httpx.get(f"{stack.web_url}/docs/quick-start?lang=en", trust_env=False).text
    env, said = environment(), ""
    with ExitStack() as processes:
        for number, (kind, how, text) in enumerate(blocks(page, values | {"5000": str(port)})):
            if kind == "file":
                (tmp_path / how).write_text(text)
            elif how == "wait":
                done = subprocess.run(["sh", "-ec", text], cwd=tmp_path, env=env, capture_output=True, text=True)
                assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
                said += done.stdout
            else:
                log = tmp_path / f"{number}.log"
                processes.enter_context(running(text, tmp_path, env, log))
                wait_for(log, "listening; events go to" if "listen" in text else "Running on")
        assert "五分钟测试" in said
        shop = next(log for log in sorted(tmp_path.glob("*.log")) if "Running on" in log.read_text())
        wait_for(shop, "verified: order.financed")
        assert "refused" not in shop.read_text()
        _widgets_are_there(chromium, port)
    minutes = (time.monotonic() - began) / 60
    print(f"quick start: {minutes:.1f} minutes by machine")
    record_property("quick_start_minutes", round(minutes, 2))  # type: ignore[operator]


def _widgets_are_there(chromium: Browser, port: int) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"http://localhost:{port}/")
    expect(page.locator("loan-badge")).to_contain_text("年化利率", timeout=30_000)
    frame = page.frame_locator("loan-offer iframe")
    expect(frame.locator("main")).to_be_visible(timeout=30_000)
    context.close()
