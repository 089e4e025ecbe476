"""A customer applies inside a frame: two tokens, the order's amount and payee, one owner."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from app.credit import queries as credit
from app.credit.usecases import set_exposure_limit
from app.kernel import clock, ids
from app.orders import queries as orders
from tests.factories.credit import AMOUNT_FEN, PRODUCT, make_applicant
from tests.factories.customers import SignedInCustomer
from tests.factories.orders import ACCOUNT, MERCHANT_REF, make_merchant
from tests.factories.partners import Signer, make_partner

APPLICATIONS = "/embed/v1/applications"


@pytest.fixture
def partner(session: Session) -> Signer:
    made = make_partner(session)
    make_merchant(session, made.partner_id)
    session.commit()
    return made


def frame_token(client: FlaskClient, partner: Signer, order_ref: str = "PO-1", **changes: Any) -> str:
    order = {"order_ref": order_ref, "merchant_ref": MERCHANT_REF, "title": "测试订单", "amount_fen": AMOUNT_FEN}
    body = {"customer_ref": "b", "origins": [partner.origin], "components": {"apply": {}}, "order": order, **changes}
    made = partner.call(client, "POST", "/partner/v1/embed-sessions", body).json
    redeemed = client.post(
        "/embed/v1/frame-sessions", json={"client_token": made["client_token"], "parent_origin": partner.origin}
    )
    token: str = redeemed.json["frame_token"]
    return token


def apply(client: FlaskClient, frame: str, applicant: SignedInCustomer, key: str = "", **changes: Any) -> Any:
    body = {
        "enterprise_id": str(applicant.enterprise_id),
        "product_code": PRODUCT,
        "term_months": 12,
        "method": "equal_instalment",
        **changes,
    }
    headers = {
        "Authorization": f"DPoP {frame}",
        "X-Customer-Session": applicant.token,
        "Idempotency-Key": key or ids.new_id().hex,
    }
    return client.post(APPLICATIONS, json=body, headers=headers)


def test_the_order_gives_amount_and_payee(client: FlaskClient, partner: Signer, session: Session) -> None:
    applicant = make_applicant(session)
    answer = apply(client, frame_token(client, partner), applicant)
    assert answer.status_code == 201, answer.json
    application = credit.application(session, answer.json["id"])
    assert (application.amount_fen, application.partner_id) == (AMOUNT_FEN, partner.partner_id)
    assert application.payee is not None
    assert application.payee.account_no == ACCOUNT["account_no"]
    order = orders.partner_order(session, partner_id=partner.partner_id, order_ref="PO-1")
    assert (order.status, order.application_id, application.order_id) == (
        "applying",
        application.application_id,
        order.id,
    )
    shown = partner.call(client, "GET", "/partner/v1/orders/PO-1").json
    assert (shown["status"], shown["application_id"]) == ("applying", answer.json["id"])


def test_a_repeat_gets_the_same_answer_and_another_customer_does_not(
    client: FlaskClient, partner: Signer, session: Session
) -> None:
    frame, applicant = frame_token(client, partner), make_applicant(session)
    first, second = (apply(client, frame, applicant, key="one") for _ in range(2))
    assert (first.status_code, first.data) == (201, second.data)
    stranger = make_applicant(session)
    assert apply(client, frame, stranger, key="one").json["code"] == "idempotency.key_reused"
    assert apply(client, frame, stranger).json["code"] == "embed.other_customer"


def test_both_tokens_are_needed(client: FlaskClient, partner: Signer, session: Session) -> None:
    frame, applicant = frame_token(client, partner), make_applicant(session)
    nobody = SignedInCustomer(applicant.customer_id, applicant.session_id, "", applicant.enterprise_id)
    assert apply(client, frame, nobody).status_code == 401
    assert apply(client, "", applicant).json["code"] == "embed.frame_session_invalid"
    assert apply(client, applicant.token, applicant).json["code"] == "embed.frame_session_invalid"


def test_amount_and_payee_cannot_be_sent(client: FlaskClient, partner: Signer, session: Session) -> None:
    frame, applicant = frame_token(client, partner), make_applicant(session)
    for extra in ({"amount_fen": 1}, {"payee": {"account_no": "1"}}, {"partner_id": str(partner.partner_id)}):
        assert apply(client, frame, applicant, **extra).status_code == 422


def test_an_order_is_applied_for_once(client: FlaskClient, partner: Signer, session: Session) -> None:
    first = apply(client, frame_token(client, partner), make_applicant(session))
    assert first.status_code == 201
    second = apply(client, frame_token(client, partner), make_applicant(session))
    assert (second.status_code, second.json["code"]) == (409, "order.closed")


def test_a_refusal_leaves_the_order_open(client: FlaskClient, partner: Signer, session: Session) -> None:
    frame, applicant = frame_token(client, partner), make_applicant(session)
    refused = apply(client, frame, applicant, term_months=7)
    assert refused.json["code"] == "application.term_not_offered"
    assert orders.partner_order(session, partner_id=partner.partner_id, order_ref="PO-1").status == "offered"
    assert apply(client, frame, applicant).status_code == 201


def test_a_session_without_apply_cannot_apply(client: FlaskClient, partner: Signer, session: Session) -> None:
    frame = frame_token(client, partner, components={"offer": {}}, order=None)
    answer = apply(client, frame, make_applicant(session))
    assert (answer.status_code, answer.json["code"]) == (403, "embed.component_not_granted")


def test_two_applicants_at_once_for_one_order(app: Any, committed: sessionmaker[Session]) -> None:
    with committed() as session:
        partner = make_partner(session)
        make_merchant(session, partner.partner_id)
        session.commit()
        applicants = [make_applicant(session) for _ in range(4)]
    client = app.test_client()
    frames = [frame_token(client, partner) for _ in applicants]
    barrier, found = threading.Barrier(len(applicants)), []

    def ask(frame: str, applicant: SignedInCustomer) -> None:
        barrier.wait()
        found.append(apply(app.test_client(), frame, applicant).status_code)

    threads = [threading.Thread(target=ask, args=pair) for pair in zip(frames, applicants, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [201, 409, 409, 409]


def test_badges_read_public_terms_from_anywhere(client: FlaskClient) -> None:
    answer = client.get("/public/v1/config.json", headers={"Origin": "https://any.example"})
    assert answer.status_code == 200
    assert (answer.headers["Access-Control-Allow-Origin"], answer.headers["Cache-Control"]) == (
        "*",
        "public, max-age=300",
    )
    assert len(answer.data) < 1500
    product = next(product for product in answer.json["products"] if product["code"] == PRODUCT)
    assert product["min_fen"] < AMOUNT_FEN < product["max_fen"]
    again = client.get("/public/v1/config.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "Set-Cookie" not in answer.headers


def test_nobody_is_led_through_what_the_partners_limits_do_not_hold(
    client: FlaskClient, partner: Signer, session: Session
) -> None:
    limit = {"key": str(partner.partner_id), "effective_from": clock.today(), "source": "test"}
    set_exposure_limit(session, kind="merchant", limit_fen=AMOUNT_FEN - 1, **limit)
    session.commit()
    frame, applicant = frame_token(client, partner), make_applicant(session)
    refused = apply(client, frame, applicant)
    assert (refused.status_code, refused.json["code"]) == (409, "credit_line.exposure_limit_reached")
    assert refused.json["context"] == {"kind": "merchant"}
    set_exposure_limit(session, kind="merchant", limit_fen=AMOUNT_FEN, **limit)
    session.commit()
    assert apply(client, frame, applicant).status_code == 201
