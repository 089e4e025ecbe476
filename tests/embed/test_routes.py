"""Embed sessions over HTTP: opened by a partner's server, redeemed by a frame, each refusal with its code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, sessionmaker

from app.embed.models import EmbedSession, FrameSession
from app.kernel.audit import AuditEntry
from app.partners import usecases as partners
from tests.factories.orders import MERCHANT_REF, make_merchant
from tests.factories.partners import Signer, make_partner

SESSIONS = "/partner/v1/embed-sessions"
FRAMES = "/embed/v1/frame-sessions"


@pytest.fixture
def partner(session: Session) -> Signer:
    made = make_partner(session)
    make_merchant(session, made.partner_id)
    session.commit()
    return made


def asked(partner: Signer, **changes: Any) -> dict[str, Any]:
    order = {"order_ref": "PO-1", "merchant_ref": MERCHANT_REF, "title": "测试订单", "amount_fen": 1_299_900}
    return {
        "customer_ref": "buyer-7f3a",
        "origins": [partner.origin],
        "components": {"offer": {}, "apply": {"max_amount_fen": 2_000_000}},
        "order": order,
        **changes,
    }


def opened(client: FlaskClient, partner: Signer, **changes: Any) -> dict[str, Any]:
    answer = partner.call(client, "POST", SESSIONS, asked(partner, **changes))
    assert answer.status_code == 201, answer.json
    made: dict[str, Any] = answer.json
    return made


def redeem(client: FlaskClient, token: str, origin: str | None) -> Any:
    return client.post(FRAMES, json={"client_token": token, "parent_origin": origin})


def test_a_token_opens_one_frame(client: FlaskClient, partner: Signer, session: Session) -> None:
    made = opened(client, partner)
    assert made["components"] == ["offer", "apply"]
    first = redeem(client, made["client_token"], partner.origin)
    assert first.status_code == 201, first.json
    assert first.json["partner"] == {"name": "测试云仓"}
    assert first.json["order"]["amount_fen"] == 1_299_900
    bearer = {"Authorization": f"DPoP {first.json['frame_token']}"}
    context = client.get("/embed/v1/context", headers=bearer)
    assert (context.status_code, context.json["mode"]) == (200, "framed")
    second = redeem(client, made["client_token"], partner.origin)
    assert (second.status_code, second.json["code"]) == (401, "embed.token_used")
    recorded = session.scalars(select(AuditEntry).where(AuditEntry.action == "embed.redemption_refused")).all()
    assert [entry.facts for entry in recorded] == [{"code": "embed.token_used"}]


def test_tokens_are_stored_as_hashes_only(client: FlaskClient, partner: Signer, session: Session) -> None:
    made = opened(client, partner)
    frame = redeem(client, made["client_token"], partner.origin).json
    stored = repr([vars(row) for model in (EmbedSession, FrameSession) for row in session.scalars(select(model))])
    assert made["client_token"] not in stored
    assert frame["frame_token"] not in stored


def test_a_repeat_gets_the_same_bytes(client: FlaskClient, partner: Signer, session: Session) -> None:
    answers = [partner.call(client, "POST", SESSIONS, asked(partner), key="again") for _ in range(2)]
    assert answers[0].data == answers[1].data
    assert session.scalar(select(func.count()).select_from(EmbedSession)) == 1
    other = partner.call(client, "POST", SESSIONS, asked(partner, customer_ref="buyer-2"), key="again")
    assert (other.status_code, other.json["code"]) == (422, "idempotency.key_reused")


def test_another_partner_does_not_see_the_key(client: FlaskClient, partner: Signer, session: Session) -> None:
    other = make_partner(session)
    make_merchant(session, other.partner_id)
    session.commit()
    answers = [each.call(client, "POST", SESSIONS, asked(each), key="same") for each in (partner, other)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json["id"] != answers[1].json["id"]


@pytest.mark.parametrize("origin", ["https://evil.example", "https://shop.example.evil.example", "null", None])
def test_a_foreign_page_gets_nothing_and_the_token_is_burned(
    client: FlaskClient, partner: Signer, origin: str | None
) -> None:
    token = opened(client, partner)["client_token"]
    answer = redeem(client, token, origin)
    assert (answer.status_code, answer.json["code"]) == (403, "embed.origin_not_allowed")
    assert redeem(client, token, partner.origin).json["code"] == "embed.token_used"


def test_a_page_of_our_own_has_no_parent(client: FlaskClient, partner: Signer) -> None:
    token = opened(client, partner, mode="top_level")["client_token"]
    assert redeem(client, token, None).status_code == 201


def test_tokens_die_after_ten_minutes(
    client: FlaskClient, partner: Signer, clock_at: Callable[[datetime], None]
) -> None:
    token = opened(client, partner)["client_token"]
    clock_at(datetime.now(UTC) + timedelta(minutes=10, seconds=1))
    assert redeem(client, token, partner.origin).json["code"] == "embed.token_expired"


def test_frames_slide_fifteen_minutes_and_end_after_two_hours(
    client: FlaskClient, partner: Signer, clock_at: Callable[[datetime], None]
) -> None:
    start = datetime.now(UTC)
    frame = redeem(client, opened(client, partner)["client_token"], partner.origin).json
    bearer = {"Authorization": f"DPoP {frame['frame_token']}"}
    for minutes in range(10, 120, 10):
        clock_at(start + timedelta(minutes=minutes))
        assert client.get("/embed/v1/context", headers=bearer).status_code == 200
    clock_at(start + timedelta(minutes=120, seconds=1))
    assert client.get("/embed/v1/context", headers=bearer).json["code"] == "embed.frame_session_invalid"


def test_an_idle_frame_ends(client: FlaskClient, partner: Signer, clock_at: Callable[[datetime], None]) -> None:
    frame = redeem(client, opened(client, partner)["client_token"], partner.origin).json
    clock_at(datetime.now(UTC) + timedelta(minutes=15, seconds=1))
    answer = client.get("/embed/v1/context", headers={"Authorization": f"DPoP {frame['frame_token']}"})
    assert (answer.status_code, answer.json["code"]) == (401, "embed.frame_session_invalid")


def test_a_frame_dies_with_its_origin_and_its_partner(client: FlaskClient, partner: Signer, session: Session) -> None:
    frame = redeem(client, opened(client, partner)["client_token"], partner.origin).json
    bearer = {"Authorization": f"DPoP {frame['frame_token']}"}
    partners.suspend(session, partner_id=partner.partner_id, reason="drill")
    session.commit()
    assert client.get("/embed/v1/context", headers=bearer).json["code"] == "partner.suspended"
    partners.resume(session, partner_id=partner.partner_id, reason="drill")
    partners.remove_origin(session, partner_id=partner.partner_id, origin=partner.origin)
    session.commit()
    assert client.get("/embed/v1/context", headers=bearer).json["code"] == "embed.frame_session_invalid"


@pytest.mark.parametrize("token", ["", "Bearer", "ect_" + "a" * 43, "eft_" + "a" * 43, "a\x00b"])
def test_guessed_frame_tokens_open_nothing(client: FlaskClient, token: str) -> None:
    answer = client.get("/embed/v1/context", environ_overrides={"HTTP_AUTHORIZATION": f"DPoP {token}"})
    assert (answer.status_code, answer.json["code"]) == (401, "embed.frame_session_invalid")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"origins": ["https://evil.example"]}, 422, "embed.origin_not_registered"),
        ({"order": None}, 422, "embed.order_missing"),
        ({"components": {"apply": {"max_amount_fen": 1_299_899}}}, 422, "embed.amount_above_grant"),
        ({"customer_ref": "13800138000"}, 422, "embed.customer_ref_personal"),
        ({"customer_ref": "110101199003074477"}, 422, "embed.customer_ref_personal"),
        ({"customer_ref": "a b"}, 422, "request.invalid"),
        ({"components": {}}, 422, "request.invalid"),
        ({"components": {"admin": {}}}, 422, "request.invalid"),
        ({"components": {"apply": {"max_amount_fen": True}}}, 422, "request.invalid"),
        ({"locale": "fr"}, 422, "request.invalid"),
        ({"mode": "popup"}, 422, "request.invalid"),
        ({"surprise": 1}, 422, "request.invalid"),
        ({"origins": []}, 422, "request.invalid"),
    ],
)
def test_sessions_that_are_refused(
    client: FlaskClient, partner: Signer, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = partner.call(client, "POST", SESSIONS, asked(partner, **changes))
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json


@pytest.mark.parametrize("amount", [0, -1, 2**63 - 1, 10**12 + 1, "100.00", 1.5, None])
def test_amounts_are_whole_fen_within_bounds(client: FlaskClient, partner: Signer, amount: Any) -> None:
    order = {**asked(partner)["order"], "amount_fen": amount}
    answer = partner.call(client, "POST", SESSIONS, asked(partner, order=order))
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_fen": 1}, "order.differs"),
        ({"title": "好\u202e货"}, "order.text_refused"),
        ({"title": "e" + "\u0301" * 50}, "order.text_refused"),
        ({"merchant_ref": "nobody"}, "merchant.unknown"),
    ],
)
def test_orders_that_are_refused(client: FlaskClient, partner: Signer, changes: dict[str, Any], code: str) -> None:
    opened(client, partner)
    answer = partner.call(client, "POST", SESSIONS, asked(partner, order={**asked(partner)["order"], **changes}))
    assert answer.json["code"] == code, answer.json


def test_one_order_may_have_many_sessions(client: FlaskClient, partner: Signer) -> None:
    assert opened(client, partner)["id"] != opened(client, partner)["id"]


def test_a_key_without_the_scope_opens_nothing(client: FlaskClient, session: Session) -> None:
    reader = make_partner(session, scopes=frozenset({"orders:read"}))
    answer = reader.call(client, "POST", SESSIONS, asked(reader))
    assert (answer.status_code, answer.json["code"]) == (403, "partner.scope_missing")


def test_a_write_needs_an_idempotency_key(client: FlaskClient, partner: Signer) -> None:
    import json

    base_url = client.application.config["DUKOU"].public_url
    raw = json.dumps(asked(partner)).encode()
    headers = partner.headers("POST", base_url + SESSIONS, raw)
    answer = client.post(SESSIONS, data=raw, headers=headers, base_url=base_url)
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency.key_missing")


def test_what_an_embed_session_costs(app: Any, committed: sessionmaker[Session]) -> None:
    """Two commits (the nonce first, then the work) and a fixed number of statements."""
    with committed() as session:
        partner = make_partner(session)
        make_merchant(session, partner.partner_id)
        session.commit()
    counted = {"statements": 0, "commits": 0}
    engine = committed.kw["bind"]

    def statement(*_: Any) -> None:
        counted["statements"] += 1

    def commit(*_: Any) -> None:
        counted["commits"] += 1

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    opened(app.test_client(), partner)
    assert counted == {"statements": 11, "commits": 2}
