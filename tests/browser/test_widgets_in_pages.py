"""The script in plain pages, React and Vue, with no server at all, and when something does not come."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from h5.testing.dukou_pages import Widgets
from tests.browser import looks
from tests.browser.partner_site import PartnerSite
from tests.browser.walk import Shopper
from tests.stack import Stack

pytestmark = pytest.mark.browser
H5 = Path(__file__).parents[2] / "h5"
MOCKED = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mock</title>
<link rel="icon" href="data:,">
<script type="module" src="/mock.js"></script></head>
<body><main><h1>Mock</h1><loan-badge amount-fen="1299900">x</loan-badge>
<loan-apply></loan-apply></main></body></html>"""


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    subprocess.run(["node", "scripts/examples.mjs", str(folder)], cwd=H5, check=True, capture_output=True)
    (folder / "mock.js").write_bytes((H5 / "dist" / "mock.js").read_bytes())
    (folder / "mock.html").write_text(MOCKED)
    return folder


@pytest.fixture
def site(stack: Stack, examples: Path) -> Iterator[PartnerSite]:
    made = PartnerSite(stack, examples)
    made.strict = False  # frameworks' development builds are not what is tried here
    yield made
    made.close()


@pytest.mark.parametrize("name", ["react", "vue"])
def test_a_framework_mounts_ten_times_and_takes_away(
    shopper: Callable[..., Shopper], site: PartnerSite, name: str
) -> None:
    one = shopper()
    one.page.goto(f"{site.origin}/{name}.html")
    badge = one.page.locator("loan-badge")
    expect(badge).to_contain_text("每期最多约 1,132 元")
    expect(one.page.locator("#state")).to_have_text("ready")
    expect(one.page.locator("loan-apply button")).to_have_text("去银行申请")
    one.page.locator("#double").click()
    expect(badge).to_contain_text("每期最多约 2,263 元")
    one.page.evaluate("for (let n = 0; n < 21; n++) document.querySelector('#toggle').click()")
    expect(badge).to_have_count(0)
    one.page.locator("#toggle").click()
    expect(badge).to_contain_text("每期最多约 2,263 元")
    frame = one.page.locator("loan-explain").frame_locator("iframe")
    expect(frame.locator("[data-example]")).to_be_visible()
    expect(one.page.locator("iframe")).to_have_count(1)


def test_plain_html_changes_the_amount_with_no_request(shopper: Callable[..., Shopper], site: PartnerSite) -> None:
    one = shopper()
    one.page.goto(f"{site.origin}/plain.html")
    expect(one.page.locator("loan-badge")).to_contain_text("每期最多约 1,132 元")
    expect(one.page.locator("loan-apply button")).to_be_visible()
    assert one.shifts() == []
    asked: list[str] = []
    one.page.on("request", lambda request: asked.append(request.url))
    one.page.locator("#amount").fill("2599800")
    expect(one.page.locator("loan-badge")).to_contain_text("每期最多约 2,263 元")
    assert asked == []
    assert looks.axe(one.page) == []


def test_the_mock_needs_no_server(shopper: Callable[..., Shopper], site: PartnerSite, stack: Stack) -> None:
    one = shopper()
    asked: list[str] = []
    one.page.on("request", lambda request: asked.append(request.url))
    widgets = Widgets(one.page)
    one.page.goto(f"{site.origin}/mock.html")
    expect(widgets.badge).to_contain_text("Example Bank")
    widgets.open_apply()
    widgets.go_through()
    expect(widgets.mock).to_have_count(0)
    events = ["open", "ready", "render", "apply.step", "application.submitted", "apply.done", "close", "exit"]
    assert widgets.events("apply") == events
    widgets.open_apply()
    widgets.leave()
    assert widgets.details()[-1]["reason"] == "closed"
    expect(one.page.locator("loan-apply button")).to_be_focused()
    assert {url.split("/")[2] for url in asked} == {site.origin.split("/")[2]}


def test_what_does_not_come_is_said_with_a_page_that_explains_it(
    shopper: Callable[..., Shopper], site: PartnerSite, stack: Stack
) -> None:
    one = shopper()
    widgets = Widgets(one.page)
    one.page.route("**/config.json", lambda route: route.abort())
    one.page.route("**/token", lambda route: route.abort())
    one.page.goto(f"{site.origin}/plain.html")
    expect(widgets.badge).to_contain_text("分期月付")  # the partner's own text stays
    widgets.open_apply()
    one.page.wait_for_function("loanEvents.some((one) => one.code === 'token_unavailable')")
    told = [event for event in widgets.details() if event["name"] == "error"]
    assert {event["code"] for event in told} >= {"config_unavailable", "token_unavailable"}
    for event in told:
        assert {"v", "id", "ts", "component", "session_id", "data", "retryable", "request_id"} <= set(event)
        assert one.page.request.get(event["doc_url"]).ok, event["doc_url"]


def test_the_pinned_script_passes_its_hash_and_a_changed_one_does_not(
    shopper: Callable[..., Shopper], site: PartnerSite, stack: Stack, examples: Path
) -> None:
    one = shopper()
    pinned = one.page.request.get(f"{stack.embed_url}/embed/v1/integrity.json").json()
    page = """<!doctype html><html lang="zh-CN"><head><title>Pinned</title><link rel="icon" href="data:,">
<script type="module" src="{url}" integrity="{integrity}" crossorigin data-partner="pk"></script></head>
<body><loan-badge amount-fen="1299900">fall-back</loan-badge></body></html>"""
    (examples / "pinned.html").write_text(page.format(**pinned))
    one.page.goto(f"{site.origin}/pinned.html")
    expect(one.page.locator("loan-badge")).to_contain_text("每期最多约 1,132 元")
    text = one.page.request.get(pinned["url"]).text()
    tampered = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}
    one.page.route("**/embed-*.js", lambda route: route.fulfill(body=f"{text} ", headers=tampered))
    one.page.goto(f"{site.origin}/pinned.html?again")
    expect(one.page.locator("loan-badge")).to_have_text("fall-back")
    assert one.page.evaluate("customElements.get('loan-badge') === undefined")
    assert any("integrity" in line for line in one.said), json.dumps(one.said)
    one.said.clear()
