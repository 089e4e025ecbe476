"""Partners' developers: sign up without asking anyone, keep keys, origins, webhooks and the team."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit import AuditEntry
from app.partners.domain.agreements import SCOPES
from app.partners.models import Partner, PartnerKey
from app.partners.usecases import suspend
from app.portal.models import PortalMember, PortalSession
from tests.factories.partners import Signer
from tests.factories.portal import PASSWORD, Developer, make_developer
from tests.job_runner import JobRunner
from tests.webhooks.receiver import Receiver, receiving

HMAC = {"algorithm": "hmac-sha256", "scopes": sorted(SCOPES)}


@pytest.fixture
def developer(app: Flask, session: Session) -> Developer:
    return make_developer(app)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


def secret_of(text: str) -> str:
    found = re.search(r'class="secret">([^<]+)<', text)
    assert found, text
    return found.group(1)


def signer_of(session: Session, text: str) -> Signer:
    """The partner's server with the key that the page has just shown."""
    row = session.scalars(select(PartnerKey).order_by(PartnerKey.id.desc()).limit(1)).one()
    return Signer(row.partner_id, row.key_id, secret_of(text).encode())


def test_the_first_page_says_what_a_refund_does(developer) -> None:
    page = developer.get("/?lang=en").text
    assert "What a refund of yours does to the loan" in page and "costs the customer no interest" in page
    assert "退货时，贷款怎么办" in developer.get("/?lang=zh-CN").text


class TestSigningUp:
    def test_a_stranger_calls_the_api_a_minute_later(self, developer, client, session) -> None:
        made = developer.post("/keys", "/keys", **HMAC)
        assert made.status_code == 201, made.text
        answer = signer_of(session, made.text).call(client, "GET", "/partner/v1/whoami")
        assert (answer.status_code, answer.json["mode"]) == (200, "test")
        assert secret_of(made.text) not in developer.get("/keys").text

    def test_not_in_production(self, app, session) -> None:
        usual = app.config["DUKOU"]
        app.config["DUKOU"] = replace(usual, environment="production")
        try:
            stranger = Developer(app.test_client())
            assert "form_mark" not in stranger.get("/sign-up").text
            stranger.client.get("/portal/sign-in")
            refused = stranger.post("/sign-up", "/sign-in", company="x" * 9, login="stranger", password=PASSWORD)
            assert refused.status_code == 403
        finally:
            app.config["DUKOU"] = usual
        assert session.scalar(select(PortalMember).where(PortalMember.login == "stranger")) is None

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"login": "A B"}, 422),
            ({"password": "short"}, 422),
            ({"company": " "}, 422),
            ({"login": "<script>"}, 422),
            ({"company": "a\u202eb"}, 422),
        ],
    )
    def test_what_will_not_do_is_said_beside_the_form(self, app, session, changes, status) -> None:
        stranger = Developer(app.test_client())
        form = {"login": stranger.login, "password": PASSWORD, "company": "测试云仓", **changes}
        answer = stranger.post("/sign-up", "/sign-up", **form)
        assert answer.status_code == status
        assert "<script>" not in answer.text and "portal.account_malformed" in answer.text

    def test_a_name_is_given_once(self, app, developer) -> None:
        again = Developer(app.test_client(), developer.login).sign_up()
        assert again.status_code == 409

    def test_passwords_are_not_readable(self, developer, session) -> None:
        assert session.scalars(select(PortalMember)).one().password_hash.startswith("$argon2id$")


class TestSessions:
    def test_in_and_out(self, app, developer) -> None:
        other = Developer(app.test_client(), developer.login)
        assert other.sign_in(password="wrong password!").status_code == 401
        assert other.sign_in().status_code == 303
        assert other.post("/sign-out").status_code == 303
        assert other.get("/").status_code == 303
        assert developer.get("/").status_code == 200

    def test_five_wrong_tries_lock_the_name_also_one_nobody_has(self, app, developer) -> None:
        for login in (developer.login, "nobody-at-all"):
            other = Developer(app.test_client(), login)
            answers = [other.sign_in(password=f"wrong password {n}").status_code for n in range(6)]
            assert answers == [401] * 5 + [429]
        assert Developer(app.test_client(), developer.login).sign_in().status_code == 429

    def test_it_ends_after_an_hour_without_use_and_after_half_a_day(self, developer, session) -> None:
        row = session.scalars(select(PortalSession)).one()
        row.seen_at = clock.now() - timedelta(minutes=61)
        session.commit()
        assert developer.get("/").status_code == 303
        row.seen_at, row.ends_at = clock.now(), clock.now()
        session.commit()
        assert developer.get("/").status_code == 303

    def test_the_kill_switch_shuts_the_portal(self, developer, session) -> None:
        suspend(session, partner_id=session.scalars(select(Partner.id)).one(), reason="test")
        session.commit()
        assert developer.get("/").status_code == 403

    def test_forms_of_other_sites_do_nothing(self, app, developer, session) -> None:
        for mark in ("", "0" * 64):
            answer = developer.client.post(
                "/portal/origins", data={"form_mark": mark, "origin": "https://evil.example"}
            )
            assert answer.status_code == 403
        stolen = Developer(app.test_client()).client.post("/portal/sign-in", data={"login": developer.login})
        assert stolen.status_code == 403
        assert "evil.example" not in developer.get("/origins").text

    def test_headers_and_cookie(self, developer) -> None:
        answer = developer.sign_in()
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
        page = developer.get("/")
        assert "script" not in page.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Cache-Control"] == "no-store"


class TestBuilding:
    def test_a_rotated_key_overlaps_for_a_week(self, developer, client, session) -> None:
        old = signer_of(session, developer.post("/keys", "/keys", **HMAC).text)
        new = signer_of(session, developer.post(f"/keys/{old.key_id}/rotation", "/keys").text)
        assert new.key_id != old.key_id
        for signer, later, status in ((old, 6, 200), (new, 6, 200), (old, 8, 401), (new, 8, 200)):
            with clock.at(clock.now() + timedelta(days=later)):
                assert signer.call(client, "GET", "/partner/v1/whoami").status_code == status

    def test_a_revoked_key_ends_now_and_cannot_be_rotated(self, developer, client, session) -> None:
        signer = signer_of(session, developer.post("/keys", "/keys", **HMAC).text)
        assert developer.post(f"/keys/{signer.key_id}/revocation", "/keys").status_code == 303
        assert signer.call(client, "GET", "/partner/v1/whoami").status_code == 401
        assert developer.post(f"/keys/{signer.key_id}/rotation").status_code == 404

    def test_restricted_keys(self, developer, client, session) -> None:
        form = {"algorithm": "hmac-sha256", "scopes": ["orders:read"], "networks": "203.0.113.0/24"}
        signer = signer_of(session, developer.post("/keys", "/keys", **form).text)
        assert signer.call(client, "GET", "/partner/v1/orders").status_code == 403
        assert signer.call(client, "GET", "/partner/v1/orders", address="203.0.113.9").status_code == 200
        assert signer.call(client, "GET", "/partner/v1/events", address="203.0.113.9").status_code == 403

    def test_a_key_that_will_not_do(self, developer, session) -> None:
        answers = [
            developer.post("/keys", "/keys", **HMAC, public_key_pem="x"),
            developer.post("/keys", "/keys", algorithm="ed25519", scopes=["orders:read"], public_key_pem="rubbish"),
            developer.post("/keys", "/keys", algorithm="none", scopes=["orders:read"]),
            developer.post("/keys", "/keys", algorithm="hmac-sha256", scopes=["money:print"]),
        ]
        assert [answer.status_code for answer in answers] == [422] * 4
        assert session.scalars(select(PartnerKey)).all() == []

    def test_origins(self, developer) -> None:
        assert developer.post("/origins", origin="http://127.0.0.1:5000").status_code == 303
        assert developer.post("/origins", origin="https://shop.example/path").status_code == 422
        assert "http://127.0.0.1:5000" in developer.get("/origins").text
        developer.post("/origins/removal", origin="http://127.0.0.1:5000")
        assert "http://127.0.0.1:5000" not in developer.get("/origins").text

    def test_a_webhook_is_tested_looked_at_and_sent_again(self, developer, receiver, run_jobs: JobRunner) -> None:
        made = developer.post("/webhooks", "/webhooks", url=receiver.url)
        assert secret_of(made.text).startswith("whsec_")
        (endpoint_id,) = re.findall(r'/portal/webhooks/([0-9a-f-]{36})"', made.text)
        developer.post(f"/webhooks/{endpoint_id}/test")
        run_jobs(only="webhooks.fan_out")
        run_jobs(only="webhooks.deliver")
        log = developer.get(f"/webhooks/{endpoint_id}").text
        (attempt_id,) = re.findall(r"/attempts/([0-9a-f-]{36})", log)
        shown = developer.get(f"/webhooks/{endpoint_id}/attempts/{attempt_id}").text
        assert "webhook_endpoint.test" in shown and "v1," not in shown
        (event_id,) = set(re.findall(r"evt_[0-9a-f]{32}", developer.get("/events").text))
        again = developer.post(f"/events/{event_id}/replay")
        assert again.headers["Location"].endswith("sent=1")
        run_jobs(only="webhooks.deliver")
        assert len(receiver.took) == 2
        assert "<td>2</td>" in developer.get("/").text
        developer.post(f"/webhooks/{endpoint_id}/disabling")
        assert developer.post(f"/webhooks/{endpoint_id}/test").status_code == 409
        developer.post(f"/webhooks/{endpoint_id}/enabling")
        assert developer.post(f"/webhooks/{endpoint_id}/test").status_code == 303


class TestTeam:
    def member(self, app: Flask, owner: Developer, role: str) -> Developer:
        made = Developer(app.test_client())
        assert owner.post("/team", login=made.login, password=PASSWORD, role=role).status_code == 303
        assert made.sign_in().status_code == 303
        return made

    def test_roles(self, app, developer) -> None:
        viewer, builder = (self.member(app, developer, role) for role in ("viewer", "developer"))
        assert viewer.post("/origins", origin="https://a.example").status_code == 403
        assert builder.post("/origins", origin="https://a.example").status_code == 303
        for one in (viewer, builder):
            assert one.post("/team", login="friend", password=PASSWORD, role="owner").status_code == 403
            assert "https://a.example" in one.get("/origins").text

    def test_who_is_removed_is_out_at_once(self, app, developer, session) -> None:
        friend = self.member(app, developer, "developer")
        row = session.scalars(select(PortalMember).where(PortalMember.login == friend.login)).one()
        assert developer.post(f"/team/{row.id}/removal").status_code == 303
        assert friend.get("/").status_code == 303
        assert Developer(app.test_client(), friend.login).sign_in().status_code == 401

    def test_a_team_keeps_an_owner(self, developer, session) -> None:
        row = session.scalars(select(PortalMember)).one()
        assert developer.post(f"/team/{row.id}/removal").status_code == 409

    def test_the_audit_trail_names_who_did_it(self, app, developer, session) -> None:
        builder = self.member(app, developer, "developer")
        builder.post("/origins", origin="https://a.example")
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "partner.add_origin")).one()
        assert (entry.actor_kind, entry.actor_id) == ("partner", f"portal:{builder.login}")
