"""Chromium as people have it, third-party storage partitioned, before one whole running system."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.clerk import Clerk
from tests.browser.phone import Phone
from tests.browser.walk import Shopper, Typist
from tests.servers import TestServers
from tests.stack import Stack

CHROMIUM = os.environ.get("DUKOU_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync"]
BUILT = Path(__file__).parents[2] / "h5" / "dist" / "manifest.json"
HIDES_PARTITIONING = "ThirdPartyStoragePartitioning"


def switched_off(playwright: Playwright) -> str:
    """The very `--disable-features=…` that Playwright passes: it hides what browsers do to storage in frames."""
    mark = f"--probe-{uuid.uuid4()}"
    probe = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, mark])
    try:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                words = path.read_bytes().decode(errors="replace").split("\0")
                found = [word for word in words if word.startswith("--disable-features=")]
                if mark in words and found and HIDES_PARTITIONING in found[0]:
                    return found[0]
    finally:
        probe.close()
    return ""


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium here")
    if not BUILT.exists():
        pytest.skip("h5 is not built")
    with sync_playwright() as playwright:
        default = switched_off(playwright)
        assert default, "the storage of frames would not be partitioned"
        ours = default.replace(f"{HIDES_PARTITIONING},", "").replace(f",{HIDES_PARTITIONING}", "")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, ours], ignore_default_args=[default]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def stack(
    tmp_path_factory: pytest.TempPathFactory, servers: TestServers, new_database: Callable[[], tuple[str, str]]
) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("browser-stack"), servers, new_database())
    running.extra["DUKOU_TEST_CLOCK"] = "on"  # its pages are looked at; nobody moves it here
    with running:
        yield running


@pytest.fixture
def shopper(chromium: Browser, stack: Stack) -> Iterator[Callable[..., Shopper]]:
    """A function that opens a browser of somebody new; what the consoles say must be nothing."""
    made: list[Shopper] = []

    def come(*, hands: str = "mouse", **wishes: object) -> Shopper:
        kind = Typist if hands == "keyboard" else Shopper
        made.append(kind(chromium, stack, **wishes))  # type: ignore[arg-type]
        return made[-1]

    yield come
    said = [line for one in made for line in one.said]
    for one in made:
        one.context.close()
    assert said == []


@pytest.fixture
def phone(chromium: Browser, stack: Stack) -> Iterator[Callable[..., Phone]]:
    """Opens phones; what their consoles say must be nothing."""
    made: list[Phone] = []

    def take(persona: str, **wishes: object) -> Phone:
        made.append(Phone(chromium, stack, persona, **wishes))  # type: ignore[arg-type]
        return made[-1]

    yield take
    said = [line for one in made for line in one.said]
    for one in made:
        one.context.close()
    assert said == []


@pytest.fixture
def clerk(chromium: Browser, stack: Stack) -> Iterator[Callable[..., Clerk]]:
    """Opens browsers of staff; what they say must be nothing."""
    made: list[Clerk] = []

    def come(**wishes: object) -> Clerk:
        made.append(Clerk(chromium, stack, **wishes))
        return made[-1]

    yield come
    said = [line for one in made for line in one.said]
    for one in made:
        one.context.close()
    assert said == []
