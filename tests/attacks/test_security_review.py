"""What a hostile reader of the code would try: each attempt was once answered wrongly."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from app.console.models import Reveal, StaffSignInTry
from app.customers.models import Customer
from app.kernel import clock, ids
from app.kernel.idempotency import IdempotencyKey
from app.kernel.web.strict_json import JsonMalformed, loads
from app.webhooks.domain.retries import read_retry_after
from config import logging as logs
from tests.factories.console import form_mark, make_staff, signed_in, submit_sign_in
from tests.factories.customers import make_customer
from tests.factories.orders import MERCHANT_REF, make_merchant
from tests.factories.partners import Signer, make_partner
from tests.sandbox_process import SandboxProcess

NUL = "\x00"


@pytest.fixture
def partner(session: Session) -> Signer:
    made = make_partner(session)
    make_merchant(session, made.partner_id)
    session.commit()
    return made


def embed_session(client: FlaskClient, partner: Signer, **changes: Any) -> dict[str, Any]:
    order = {"order_ref": "PO-1", "merchant_ref": MERCHANT_REF, "title": "测试订单", "amount_fen": 1_299_900}
    components: dict[str, Any] = {"apply": {}, "handoff": {}}
    body = {"customer_ref": "b", "origins": [partner.origin], "components": components, "order": order}
    made: dict[str, Any] = partner.call(client, "POST", "/partner/v1/embed-sessions", body | changes).json
    return made


def frame_of(client: FlaskClient, made: dict[str, Any], origin: str) -> dict[str, str]:
    asked = {"client_token": made["client_token"], "parent_origin": origin}
    token = client.post("/embed/v1/frame-sessions", json=asked).json["frame_token"]
    return {"Authorization": f"DPoP {token}"}


class TestBodies:
    @pytest.mark.parametrize("tail", [b"", b"\\", b'\\"', b'"', b"\n", b'"}'])
    def test_a_body_of_escapes_is_read_in_one_pass(self, tail: bytes) -> None:
        """Quadratic, one such body of 1 MB from anybody would hold a web process for hours."""
        with pytest.raises(JsonMalformed):
            loads(b'{"phone":"' + b'\\"' * 500_000 + tail + b"x")

    def test_brackets_in_texts_are_no_depth_and_those_outside_are(self) -> None:
        assert loads(b'{"a":"[[[[[[[[[[[[[[[[[[[[[[[[ \\" [[[["}') == {"a": '[' * 24 + ' " [[[['}
        with pytest.raises(JsonMalformed):
            loads(b'{"a":"\\"",' + b'"b":' + b"[" * 30 + b"]" * 30 + b"}")


class TestNul:
    """PostgreSQL refuses NUL in texts: it must be refused before, as the caller's fault."""

    @pytest.mark.parametrize("path", ["/embed/v1/frame?partner=%00", "/embed/v1/assets/%00.js", "/%00", "/?a=1&b=%00"])
    def test_in_addresses(self, client: FlaskClient, path: str) -> None:
        assert client.get(path).status_code == 400

    def test_in_a_partners_reference(self, client: FlaskClient, partner: Signer) -> None:
        assert partner.call(client, "GET", "/partner/v1/orders/%00").status_code == 400

    def test_in_the_way_back(self, client: FlaskClient, partner: Signer) -> None:
        form = {
            "client_token": embed_session(client, partner)["client_token"],
            "return_url": f"{partner.origin}/back{NUL}",
        }
        answer = client.post("/embed/v1/page", data=form, headers={"Origin": partner.origin})
        assert (answer.status_code, answer.location) == (303, "/embed/v1/page#e=embed.return_not_allowed")

    def test_in_a_staff_members_address(self, client: FlaskClient, session: Session) -> None:
        member = make_staff(session)
        session.commit()
        assert submit_sign_in(client, member, email=f"a{NUL}@bank.example").status_code == 401

    def test_in_a_reason_to_look(self, client: FlaskClient, session: Session) -> None:
        customer = make_customer(session)
        signed_in(client, session)
        page = client.get(f"/console/customers/{customer.id}")
        form = {"form_mark": form_mark(page), "field": "phone", "reason": f"complaint{NUL} 17"}
        answer = client.post(f"/console/customers/{customer.id}/reveal", data=form)
        assert answer.status_code == 200 and customer.phone in answer.text
        assert session.scalars(select(Reveal.reason)).one() == "complaint 17"


class TestConsole:
    @pytest.mark.parametrize("query", ["endpoint=x", "_scheme=javascript", "_anchor=a&_external=1", "_method=PURGE"])
    def test_a_query_does_not_reach_into_how_links_are_made(self, client: FlaskClient, query: str) -> None:
        answer = client.get(f"/console/sign-in?{query}")
        assert answer.status_code == 200 and "http://localhost" not in answer.text

    def test_tries_are_counted_by_network_where_one_caller_owns_it(self, client: FlaskClient, session: Session) -> None:
        member = make_staff(session)
        session.commit()
        for last in ("1", "2"):
            client.environ_base["REMOTE_ADDR"] = f"2001:db8:1:2::{last}"
            assert submit_sign_in(client, member, password="not the password").status_code == 401
        session.expire_all()
        assert len({row.address_index for row in session.query(StaffSignInTry)}) == 1


class TestBrowserCookie:
    @pytest.mark.parametrize("value", ['"a\\012Set-Cookie: b=c"', '"a\\073 Domain=evil.example"', "x" * 3000, "短"])
    def test_only_a_cookie_of_ours_is_given_back(self, app: Flask, client: FlaskClient, value: str) -> None:
        answer = app.test_client(use_cookies=False).post(
            "/customer/v1/sign-in/wechat/start",
            json={"return_path": "/embed/v1/page"},
            headers={"Cookie": f"dk_browser={value.encode().decode('latin-1')}"},
        )
        assert answer.status_code == 200, answer.text
        cookies = answer.headers.getlist("Set-Cookie")
        assert len(cookies) == 1 and cookies[0].startswith("dk_browser=br_")
        assert "evil" not in cookies[0] and len(cookies[0]) < 200

    def test_a_second_trip_keeps_the_first_ones_cookie(self, client: FlaskClient) -> None:
        answers = [
            client.post("/customer/v1/sign-in/wechat/start", json={"return_path": "/embed/v1/page"}) for _ in range(2)
        ]
        assert answers[0].headers["Set-Cookie"] == answers[1].headers["Set-Cookie"]


class TestFrames:
    def test_handing_on_does_not_make_a_frame_live_for_ever(
        self, client: FlaskClient, partner: Signer, clock_at: Any
    ) -> None:
        began = datetime.now(UTC)
        clock_at(began)
        bearer = frame_of(client, embed_session(client, partner), partner.origin)
        for minutes in range(14, 160, 14):
            clock_at(began + timedelta(minutes=minutes))
            made = client.post("/embed/v1/handoffs", headers={**bearer, "Idempotency-Key": ids.new_id().hex})
            if made.status_code == 401:
                break
            code = made.json["url"].partition("#h=")[2]
            opened = client.post("/embed/v1/page-sessions", json={"code": code})
            bearer = {"Authorization": f"DPoP {opened.json['frame_token']}"}
        assert 112 <= minutes <= 126

    def test_a_phone_takes_over_only_where_the_partner_allowed_it(self, client: FlaskClient, partner: Signer) -> None:
        bearer = frame_of(client, embed_session(client, partner, components={"apply": {}}), partner.origin)
        answer = client.post("/embed/v1/handoffs", headers={**bearer, "Idempotency-Key": "one"})
        assert (answer.status_code, answer.json["code"]) == (403, "embed.component_not_granted")
        shown = embed_session(client, partner, components={"apply": {}}, mode="qr")
        token = client.post("/embed/v1/frame-sessions", json={"client_token": shown["client_token"]}).json
        bearer = {"Authorization": f"DPoP {token['frame_token']}", "Idempotency-Key": "two"}
        assert client.post("/embed/v1/handoffs", headers=bearer).status_code == 201


class TestWebhookAnswers:
    @pytest.mark.parametrize("zone", ["+99999999999999", "-" + "9" * 40, "+2400"])
    def test_a_time_that_cannot_be_is_no_time(self, zone: str) -> None:
        assert read_retry_after(f"Mon, 01 Jan 2029 00:00:00 {zone}", clock.now()) is None


def test_what_is_kept_of_a_request_gives_no_account_number_away(
    client: FlaskClient, partner: Signer, sandbox: SandboxProcess, session: Session
) -> None:
    """A plain hash of the body could be tried out: an account number has few digits that are not known."""
    given = sandbox.world["partner"]["merchant"]
    body = {name: given[name] for name in ("name", "account_no", "account_name", "bank_code")}
    route = "PUT /partner/v1/merchants/<string:merchant_ref> [('merchant_ref', 'seller-1')]"
    assert partner.call(client, "PUT", "/partner/v1/merchants/seller-1", body).status_code == 200
    plain = json.dumps([route, body], sort_keys=True, ensure_ascii=False)
    stored = session.scalars(select(IdempotencyKey.fingerprint)).all()
    assert stored and hashlib.sha256(plain.encode()).hexdigest() not in stored


class TestLogs:
    def test_a_failed_statement_does_not_show_its_values(self, session: Session) -> None:
        phone = "13800000000"
        with pytest.raises(StatementError) as raised:
            session.execute(text("INSERT INTO nowhere VALUES (:phone)"), {"phone": phone})
        assert phone not in str(raised.value)
        session.rollback()
        row = Customer(id="not an id", phone=phone, phone_index="i", status="active", level="phone")
        session.add(row)
        with pytest.raises(StatementError) as raised:
            session.flush()
        assert phone not in str(raised.value)

    @pytest.mark.parametrize("prefix", ["ect", "eft", "epc", "otc", "cs", "ss", "sf", "br"])
    def test_no_token_of_ours_is_readable(self, prefix: str) -> None:
        token = ids.new_token(prefix)
        assert logs.mask_text(f"code={token}&x") == "code=[token]&x"

    def test_no_webhook_secret_is_readable(self) -> None:
        masked = logs.mask_text("secret whsec_ab+cdefgh/ijklmnop+qrstuvwxyz/0123456789== end")
        assert masked == "secret [token] end"

    def test_the_web_servers_own_lines_are_masked_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """gunicorn writes refused request lines and headers through handlers of its own."""
        written = io.StringIO()
        server = logging.getLogger("gunicorn.error")
        monkeypatch.setattr(server, "handlers", [logging.StreamHandler(written)])
        monkeypatch.setattr(server, "propagate", False)
        monkeypatch.setattr(sys, "stderr", written)
        root = logging.getLogger()
        before, level = root.handlers[:], root.level
        try:
            logs.configure()
            server.warning("Invalid request from ip=127.0.0.1: Invalid HTTP Header: 'X: 13800000000'")
        finally:
            root.handlers[:] = before
            root.setLevel(level)
            structlog.reset_defaults()
        assert "[phone]" in written.getvalue() and "13800000000" not in written.getvalue()


def test_browsers_are_told_to_stay_with_https(app: Flask, client: FlaskClient) -> None:
    secure = client.get("/healthz", base_url="https://bank.example")
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Strict-Transport-Security" not in client.get("/healthz").headers


@pytest.mark.parametrize("origin", ["null", "https://shop.example.evil.example", "http://shop.example"])
def test_no_page_of_another_origin_reads_an_answer(client: FlaskClient, origin: str) -> None:
    """Badges' terms are for any page and know nobody; nothing else is told to another origin, nor are credentials."""
    for path in ("/partner/v1/whoami", "/customer/v1/me", "/embed/v1/context", "/public/v1/config.json"):
        for ask in (client.get, client.options):
            answer = ask(path, headers={"Origin": origin, "Access-Control-Request-Method": "GET"})
            everybody = "config" in path and ask == client.get
            assert answer.headers.get("Access-Control-Allow-Origin") == ("*" if everybody else None)
            assert "Access-Control-Allow-Credentials" not in answer.headers
