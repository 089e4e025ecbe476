"""Partners in the console: admitted by two people, opened wider by two, closed by one at once, and shut off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.console.models import PartnerChange
from app.credit import queries as credit
from app.kernel import clock
from app.kernel.audit import AuditEntry
from app.partners import queries as partners
from app.partners.domain.agreements import SCOPES
from tests.factories.console import form_mark, signed_in
from tests.factories.orders import make_merchant
from tests.factories.partners import Signer, make_partner

PAGE = "/console/partners"
SHOP = "https://shop.example"


WRONG: tuple[dict[str, Any], ...] = (
    *({"day_fen": ""}, {"day_fen": "1e99"}, {"code": "X"}, {"reason": "a"}, {"origins": "https://a/b"}),
    *({"effective_to": "2020-01-01"}, {"signed_on": ""}, {"scopes": []}, {"name": ""}),
)


def told(answer: TestResponse) -> dict[str, Any]:
    assert answer.json is not None
    return dict(answer.json)


def of(partner_id: Any) -> str:
    return f"{PAGE}/{partner_id}"


def form(session: Session, **changes: Any) -> dict[str, Any]:
    """The form as its page fills it, with what somebody changes."""
    today = clock.today().isoformat()
    first = {"name": "测试云仓", "agreement_no": "HT-2026-001", "signed_on": today, "effective_from": "2026-01-01",
             "scopes": sorted(SCOPES), "origins": SHOP, "limits_from": today,
             "outstanding_fen": "500,000,000.00", "reason": "年度框架协议"}  # fmt: skip
    return {**first, **changes}


@pytest.fixture
def two(app: Flask, session: Session) -> Any:
    """Two people of operations, each in a browser of their own; answers what submits a form as one of them."""
    browsers = [app.test_client(), app.test_client()]
    for place, browser in enumerate(browsers):
        signed_in(browser, session, roles=["operations"], email=f"op{place}@bank.example")

    def post(who: int, path: str, **fields: Any) -> Any:
        mark = form_mark(browsers[who].get(PAGE))
        answer = browsers[who].post(path, data={"form_mark": mark, **fields})
        session.expire_all()
        return answer

    post.browsers = browsers  # type: ignore[attr-defined]
    return post


@pytest.fixture
def shop(session: Session) -> Signer:
    """A partner whose agreement and limits are written down."""
    return make_partner(session, origin=SHOP)


def waiting(session: Session) -> PartnerChange:
    return session.scalars(select(PartnerChange).where(PartnerChange.status == "proposed")).one()


def decide(two: Any, session: Session, decision: str = "approve", who: int = 1) -> Any:
    return two(who, f"{PAGE}/changes/{waiting(session).id}/{decision}", reason="协议已核对")


def agreed(two: Any, session: Session, shop: Signer, **changes: Any) -> None:
    """Bring the partner's terms to what `form` says; two people where that opens more."""
    assert two(0, of(shop.partner_id) + "/terms", **form(session, **changes)).status_code == 303
    if session.scalars(select(PartnerChange).where(PartnerChange.status == "proposed")).first():
        decide(two, session)


def test_a_new_partner_takes_two_people(two: Any, session: Session) -> None:
    limits = {"outstanding_fen": "1,000,000.00", "merchant_fen": "50000", "day_fen": "200000.5"}
    new = form(session, code="yuncang", **limits)
    assert two(0, PAGE + "/new", **new).status_code == 303
    assert partners.partner_by_code(session, "yuncang") is None
    assert "你提的" in two.browsers[0].get(PAGE).text
    assert "partner_change.own" in decide(two, session, who=0).headers["Location"] and waiting(session)
    assert decide(two, session).status_code == 303
    found = partners.partner_by_code(session, "yuncang")
    assert found and found.in_force and partners.origins(session, found.id) == (SHOP,)
    of_key = dict.fromkeys(("partner", "merchant", "partner_day"), str(found.id))
    held = {"partner": 100_000_000, "merchant": 5_000_000, "partner_day": 20_000_050}
    assert credit.exposure_limits(session, on=clock.today(), keys=of_key) == held
    page = two.browsers[0].get(of(found.id)).text
    assert "HT-2026-001" in page and "200,000.50" in page and "准入" in page and "0001" in page


def test_a_new_partner_needs_limits_a_code_and_a_reason(two: Any, session: Session, shop: Signer) -> None:
    limits = {"outstanding_fen": "1", "merchant_fen": "1", "day_fen": "1"}
    whole = form(session, code="other", **limits)
    for wrong in WRONG:
        answer = two(0, PAGE + "/new", **{**whole, **wrong})
        assert answer.status_code == 422 and 'role="alert"' in answer.text, wrong
        assert "年度框架协议" in answer.text or "reason" in wrong
    taken = partners.agreement(session, shop.partner_id).code
    assert "已经有合作方" in two(0, PAGE + "/new", **{**whole, "code": taken}).text
    assert session.scalars(select(PartnerChange)).all() == []


@pytest.mark.parametrize(
    "wider",
    [
        {"origins": f"{SHOP}\nhttps://other.example"},
        {"day_fen": "101"},
        {"effective_to": ""},
        {"effective_from": "2025-12-31"},
        {"scopes": sorted(SCOPES)},
        {"name": "另一个名字"},
    ],
)
def test_what_opens_more_waits_for_a_second_person(
    two: Any, session: Session, shop: Signer, wider: dict[str, Any]
) -> None:
    until = (clock.today() + timedelta(days=90)).isoformat()
    narrow = {"effective_to": until, "day_fen": "100", "scopes": sorted(SCOPES - {"keys:write"})}
    agreed(two, session, shop, **narrow)
    before = partners.agreement(session, shop.partner_id), partners.origins(session, shop.partner_id)
    assert two(0, of(shop.partner_id) + "/terms", **form(session, **{**narrow, **wider})).status_code == 303
    assert (partners.agreement(session, shop.partner_id), partners.origins(session, shop.partner_id)) == before
    assert waiting(session).widens
    assert "partner_change.own" in decide(two, session, who=0).headers["Location"]
    decide(two, session, "reject")
    assert (partners.agreement(session, shop.partner_id), partners.origins(session, shop.partner_id)) == before


def test_what_only_closes_holds_at_once(two: Any, session: Session, shop: Signer, client: FlaskClient) -> None:
    agreed(two, session, shop, day_fen="100")
    until = (clock.today() + timedelta(days=9)).isoformat()
    closes = {"effective_to": until, "day_fen": "50", "origins": "", "scopes": ["orders:read"]}
    assert two(1, of(shop.partner_id) + "/terms", **form(session, **closes)).status_code == 303
    found = partners.agreement(session, shop.partner_id)
    assert (found.scopes, str(found.effective_to)) == (("orders:read",), until)
    assert partners.origins(session, shop.partner_id) == ()
    limits = credit.exposure_limits(session, on=clock.today(), keys={"partner_day": str(shop.partner_id)})
    assert limits == {"partner_day": 5_000}
    refused = shop.call(client, "PUT", "/partner/v1/merchants/m-1", {})
    assert refused.status_code == 422 or told(refused)["code"] == "partner.scope_missing"
    assert told(shop.call(client, "GET", "/partner/v1/whoami"))["scopes"] == ["orders:read"]
    actions = set(session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == shop.partner_id)))
    assert {"partner.change_agreement", "partner.remove_origin", "partner.set_limit"} <= actions


def test_limits_are_not_taken_away_and_not_set_for_the_past(two: Any, session: Session, shop: Signer) -> None:
    agreed(two, session, shop, day_fen="100")
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    for wrong in ({"day_fen": ""}, {"day_fen": "10", "limits_from": yesterday}, {"day_fen": "10", "limits_from": ""}):
        assert "限额只能改" in two(0, of(shop.partner_id) + "/terms", **form(session, **wrong)).text
    coming = (clock.today() + timedelta(days=30)).isoformat()
    agreed(two, session, shop, day_fen="300", limits_from=coming)
    assert f"{coming} 起" in two.browsers[0].get(of(shop.partner_id)).text
    two(0, of(shop.partner_id) + "/terms", **form(session, day_fen="200"))
    assert waiting(session).widens, "more than what holds until the higher limit begins"


def test_a_change_that_waited_too_long_does_not_undo_what_came_between(
    two: Any, session: Session, shop: Signer
) -> None:
    agreed(two, session, shop)
    two(0, of(shop.partner_id) + "/terms", **form(session, origins=f"{SHOP}\nhttps://other.example"))
    another = form(session, origins=f"{SHOP}\nhttps://third.example")
    assert "等复核" in two(1, of(shop.partner_id) + "/terms", **another).text
    two(1, of(shop.partner_id) + "/terms", **form(session, scopes=["orders:read"]))  # closing does not wait
    assert "partner_change.outdated" in decide(two, session).headers["Location"]
    assert partners.agreement(session, shop.partner_id).scopes == ("orders:read",)


def test_the_switch_is_turned_off_by_one_and_on_by_two(
    two: Any, session: Session, shop: Signer, client: FlaskClient
) -> None:
    make_merchant(session, shop.partner_id)
    asked = {"customer_ref": "c-1", "origins": [SHOP], "components": {"offer": {}}}
    assert shop.call(client, "POST", "/partner/v1/embed-sessions", asked).status_code == 201
    assert two(0, of(shop.partner_id) + "/shut-off", reason="商户集中投诉").status_code == 303
    for method, path, body in (("GET", "/whoami", None), ("POST", "/embed-sessions", asked)):
        refused = shop.call(client, method, f"/partner/v1{path}", body)
        assert (refused.status_code, told(refused)["code"]) == (403, "partner.suspended")
    assert "state.not_allowed_now" in two(0, of(shop.partner_id) + "/shut-off", reason="再停一次").headers["Location"]
    assert "重新启用要两个人" not in two.browsers[0].get(of(shop.partner_id)).text
    two(0, of(shop.partner_id) + "/resumption", reason="投诉已处理")
    assert shop.call(client, "GET", "/partner/v1/whoami").status_code == 403
    decide(two, session, who=0)
    assert shop.call(client, "GET", "/partner/v1/whoami").status_code == 403
    decide(two, session)
    assert shop.call(client, "GET", "/partner/v1/whoami").status_code == 200


def test_the_database_itself_wants_a_second_person(two: Any, session: Session, shop: Signer) -> None:
    two(0, of(shop.partner_id) + "/terms", **form(session))
    row = waiting(session)
    row.status, row.decided_by, row.decided_at = "approved", row.proposed_by, clock.now()
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_finance_may_look_and_not_change(app: Flask, session: Session, shop: Signer) -> None:
    browser = app.test_client()
    signed_in(browser, session, roles=["finance"], email="fin@bank.example")
    assert browser.get(of(shop.partner_id)).status_code == 200
    assert "立即停用" not in browser.get(of(shop.partner_id)).text
    assert browser.get(of(shop.partner_id) + "/terms").status_code == 403
    entered = {"form_mark": form_mark(browser.get(PAGE)), "reason": "商户集中投诉"}
    assert browser.post(of(shop.partner_id) + "/shut-off", data=entered).status_code == 403
    unknown = of("00000000-0000-7000-8000-000000000000")
    assert browser.get(unknown).status_code == 404
