"""Every element in a partner's page under a strict policy: what it shows, what it tells, what it must not tell."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from h5.testing.dukou_pages import Widgets
from tests.browser import looks
from tests.browser.partner_site import PartnerSite
from tests.browser.walk import Shopper
from tests.servers import TestServers
from tests.stack import Stack
from tests.story import Story

pytestmark = pytest.mark.browser
H5 = Path(__file__).parents[2] / "h5"
# Without a person these may be told; of a person's own matters nothing else.
HARMLESS = {"ready", "render", "offer.shown", "prequal.result", "repay.submitted", "token.expiring"}


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    subprocess.run(["node", "scripts/examples.mjs", str(folder)], cwd=H5, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def stack(
    tmp_path_factory: pytest.TempPathFactory, servers: TestServers, new_database: Callable[[], tuple[str, str]]
) -> Iterator[Stack]:
    """A whole system of its own: its people sign in here for the first time."""
    with Stack(tmp_path_factory.mktemp("widgets-stack"), servers, new_database()) as running:
        yield running


@pytest.fixture
def site(stack: Stack, examples: Path) -> Iterator[PartnerSite]:
    made = PartnerSite(stack, examples)
    yield made
    made.close()


def age_codes(stack: Stack) -> None:
    """One code a minute and number: a minute later."""
    stack.change("UPDATE phone_codes SET created_at = created_at - interval '2 minutes'")


def sign_in(one: Shopper, frame: Any) -> None:
    frame.locator("[name=phone]").fill(one.persona["person"]["phone"])
    frame.locator("[data-go]").click()
    expect(frame.locator("[name=code]")).to_be_visible()
    frame.locator("[name=code]").fill(one.sms_code())
    frame.locator("[data-go]").click()
    expect(frame.locator("h1")).to_contain_text("确认是你本人")
    frame.locator("[data-go]").click()


def test_what_it_costs_with_the_yearly_rate_first(shopper: Callable[..., Shopper], site: PartnerSite) -> None:
    one = shopper()
    site.bodies["/"] = '<loan-explain amount-fen="10000000" term="12"></loan-explain>'
    widgets = Widgets(one.page)
    one.page.goto(f"{site.origin}/")
    frame = widgets.frame("loan-explain")
    example = frame.locator("[data-example]")
    expect(example.locator(".note").first).to_have_text("年化利率（单利）")
    figures = example.inner_text()
    assert figures.index("年化利率（单利）") < figures.index("综合融资成本") < figures.index("每期还款")
    expect(frame.locator("details tbody tr")).to_have_count(12)
    one.look_over("inline-explain")
    frame.locator("[name=amount]").fill("5")
    expect(frame.locator(".wrong-text")).to_contain_text("可借")
    frame.locator("[name=amount]").fill("50000")
    expect(example).not_to_have_text(re.compile(re.escape(figures[-12:])))
    one.page.evaluate("loan.update({ locale: 'zh-HK' })")
    expect(frame.locator("h1")).to_have_text("借這筆錢要花多少")
    one.page.evaluate("loan.update({ locale: 'en', theme: 'dark' })")
    expect(frame.locator("h1")).to_have_text("What this loan costs")
    one.look_over("inline-explain-english-night")
    assert looks.largest_text(one.page) == []
    assert set(widgets.events()) == {"ready", "render", "resize"}


def test_tokens_are_worn_in_bounds(shopper: Callable[..., Shopper], site: PartnerSite) -> None:
    one = shopper()
    site.bodies["/"] = (
        '<loan-badge amount-fen="1299900">x</loan-badge><loan-explain amount-fen="1299900"></loan-explain>'
    )
    asked: list[str] = []
    one.page.on("request", lambda request: asked.append(request.url))
    one.page.goto(f"{site.origin}/")
    frame = one.page.locator("loan-explain").frame_locator("iframe")
    expect(frame.locator("[data-example]")).to_be_visible()
    root = frame.locator("html")
    worn = "(root) => Object.fromEntries([...root.style].map((name) => [name, root.style.getPropertyValue(name)]))"
    good = {
        "colorPrimary": "#7a1fa2",
        "radius": "4px",
        "fontSize": "18px",
        "fontFamily": "Georgia, serif",
        "tapSize": "48px",
    }
    one.page.evaluate("tokens => loan.update({ appearance: { tokens } })", good)
    expect(root).to_have_css("--dk-brand", "#7a1fa2")
    badge = "document.querySelector('loan-badge').shadowRoot.querySelector('div').style.getPropertyValue('--radius')"
    assert one.page.evaluate(badge) == "4px"
    bad = {
        "colorPrimary": "url(https://evil.example/x)",
        "colorText": "#fefefe",  # nobody could read it
        "colorSurface": "red;background:url(//evil.example)",
        "colorPage": "expression(alert(1))",
        "colorLink": "var(--dk-page)",
        "colorBorder": "\\75rl(//evil.example/)",
        "radius": "900px",
        "tapSize": "2px",
        "fontFamily": "x}body{display:none",
        "fontSize": "1px",
        "__proto__": "#000000",
        "constructor": "#000000",
        "unknown": "#000000",
        "motion": "9s",
    }
    one.page.evaluate("tokens => loan.update({ appearance: { tokens } })", bad)
    expect(root).not_to_have_css("--dk-brand", "#7a1fa2")
    assert root.evaluate(worn) == {}
    assert [url for url in asked if "evil" in url] == []
    assert looks.axe(one.page) == []


def test_states_of_an_offer_stay_between_customer_and_bank(
    shopper: Callable[..., Shopper], site: PartnerSite, stack: Stack
) -> None:
    story = Story(stack, persona_code="bureau_down")
    story.sign_in_by_mini_program()
    one = shopper(persona="bureau_down")
    site.bodies["/"] = '<loan-offer personal amount-fen="1299900">x</loan-offer>'
    widgets = Widgets(one.page)
    one.page.goto(f"{site.origin}/")
    frame = widgets.frame("loan-offer")
    expect(frame.locator("[data-state=generic]")).to_contain_text("登录后看你自己的方案")
    size = one.page.locator("loan-offer").bounding_box()
    one.look_over("inline-offer")
    frame.locator("[data-go]").click()
    age_codes(stack)
    sign_in(one, frame)
    expect(frame.locator("[data-state]")).to_be_visible()
    application = {"status": "approved", "approved_fen": 8_000_000, "valid_until": "2027-01-01", "id": "x"}
    loan = {
        "status": "active",
        "annual_rate": "0.072",
        "outstanding_principal_fen": 5_000_000,
        "next_due_on": "2027-01-15",
        "next_payment_fen": 1_132_00,
    }
    estimate = {
        "status": "estimated",
        "low_fen": 3_000_000,
        "high_fen": 9_000_000,
        "low_annual_rate": "0.06",
        "high_annual_rate": "0.08",
        "valid_until": "2027-01-01",
    }
    firm = {"id": "00000000-0000-7000-8000-000000000009", "name": "x"}
    for state, answers, text in (
        ("indicative", {"estimates": estimate, "enterprises": [firm]}, "30,000–90,000"),
        ("preapproved", {"applications": [application]}, "80,000.00"),
        ("in_progress", {"applications": [application | {"status": "deciding"}]}, "接着上次"),
        ("active", {"loans": [loan]}, "2027-01-15"),
    ):
        see(one, answers)
        one.page.reload()
        expect(frame.locator("[data-state=generic]")).to_be_visible()
        frame.locator("[data-go]").click()
        age_codes(stack)
        sign_in(one, frame)
        expect(frame.locator(f"[data-state={state}]")).to_contain_text(text)
        one.look_over(f"inline-offer-{state}")
        assert one.page.locator("loan-offer").bounding_box() == size
        told = widgets.details()
        assert {event["name"] for event in told} <= HARMLESS
        said = json.dumps([event["data"] for event in told])
        assert not re.search(r"preapproved|active|000|\d{4}-\d\d", said), said
    assert one.page.locator("main").inner_text().strip() == "Partner"


def see(one: Shopper, answers: dict[str, Any]) -> None:
    """From now on the bank answers these lists and objects."""
    for name in ("loans", "applications", "enterprises", "estimates"):
        pattern = re.compile(rf"/customer/v1/{name}(\?|$)")
        one.page.unroute(pattern)
        given = answers.get(name, [])
        told = given if name == "estimates" else {"items": given, "next_cursor": None}
        one.page.route(pattern, partial(answer, told))


def answer(told: Any, route: Route) -> None:
    """The bank's answer, invented."""
    route.fulfill(json=told)


def test_a_loan_is_managed_and_repaid_from_a_partners_page(
    shopper: Callable[..., Shopper], site: PartnerSite, stack: Stack
) -> None:
    story = Story(stack, persona_code="good")
    story.sign_in_by_mini_program()
    if not story.ask("GET", "/customer/v1/loans")["items"]:
        age_codes(stack)
        story.until_active()
    one = shopper(persona="good")
    site.bodies["/"] = "<loan-manage></loan-manage>"
    widgets = Widgets(one.page)
    one.page.goto(f"{site.origin}/")
    frame = widgets.frame("loan-manage")
    expect(frame.locator("main")).to_contain_text("只有你和银行能看到")
    one.look_over("inline-manage")
    frame.locator("[data-go]").click()
    age_codes(stack)
    sign_in(one, frame)
    expect(frame.locator("[data-loan] .note").first).to_have_text("年化利率（单利，合同固定）")
    expect(frame.locator("table tbody tr")).to_have_count(12)
    one.look_over("inline-manage-loan")
    frame.locator("[data-go]").click()
    expect(frame.locator("[data-pay] svg")).to_be_visible()
    one.look_over("inline-manage-pay")
    assert {event["name"] for event in widgets.details()} <= HARMLESS
    assert "repay.submitted" in widgets.events("manage")
    assert one.page.locator("main").inner_text().strip() == "Partner"


def test_the_way_to_a_phone_stands_in_the_page(shopper: Callable[..., Shopper], site: PartnerSite) -> None:
    one = shopper()
    site.bodies["/"] = "<loan-handoff></loan-handoff>"
    widgets = Widgets(one.page)
    one.page.goto(f"{site.origin}/")
    frame = widgets.frame("loan-handoff")
    expect(frame.locator(".match")).to_have_text(re.compile("[0-9]{2}"))
    one.page.wait_for_function("loanEvents.some((one) => one.name === 'handoff.created')")
    told = next(one for one in widgets.details() if one["name"] == "handoff.created")
    assert (told["v"], told["component"], bool(told["id"]), len(told["session_id"])) == (1, "handoff", True, 36)
    one.look_over("inline-handoff")
