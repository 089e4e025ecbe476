"""A frame session belongs to the key of its browser: every way to use its token without that key, or a proof twice."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jws
from joserfc.jwk import ECKey, OctKey
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.embed import usecases
from app.embed.models import FrameProof, FrameSession
from app.kernel import clock
from tests.embed.test_routes import opened, partner
from tests.factories.orders import make_merchant
from tests.factories.partners import Signer, make_partner
from tests.frame_key import FrameKey

__all__ = ["partner"]
CONTEXT, FRAMES = "/embed/v1/context", "/embed/v1/frame-sessions"
RUN_TWICE = {"embed.purge_proofs"}  # called twice below: the worker calls it by the clock


class Browser:
    """One browser with its key and an open frame."""

    def __init__(self, client: FlaskClient, partner: Signer) -> None:
        self.client, self.key = client, FrameKey()
        self.origin = client.application.config["DUKOU"].embed_url
        made = opened(client, partner)
        body = {"client_token": made["client_token"], "parent_origin": partner.origin}
        proof = self.key.proof("POST", self.origin + FRAMES)
        answer = client.post(FRAMES, json=body, headers={"DPoP": proof})
        assert answer.status_code == 201, answer.json
        self.token: str = answer.json["frame_token"]

    def proof(self, **how: Any) -> str:
        return self.key.proof("GET", self.origin + CONTEXT, self.token, **how)

    def ask(self, proof: str, token: str | None = None, scheme: str = "DPoP") -> Any:
        headers = {"Authorization": f"{scheme} {token or self.token}", "DPoP": proof}
        answer = self.client.get(CONTEXT, headers=headers)
        return answer.status_code, (answer.json or {}).get("code")


@pytest.fixture
def browser(client: FlaskClient, partner: Signer) -> Browser:
    return Browser(client, partner)


def test_the_browser_that_opened_it_may_ask(browser: Browser, session: Session) -> None:
    assert browser.ask(browser.proof()) == (200, None)
    kept = session.scalars(select(FrameSession)).one()
    assert kept.key_thumbprint == browser.key.key.thumbprint()


def test_a_stolen_token_is_worth_nothing(browser: Browser) -> None:
    thief = FrameKey().proof("GET", browser.origin + CONTEXT, browser.token)
    assert browser.ask(thief) == (401, "embed.proof_other_key")
    assert browser.ask("") == (401, "embed.proof_missing")
    assert browser.ask(browser.proof(), scheme="Bearer") == (401, "embed.frame_session_invalid")


def test_a_proof_is_good_once(browser: Browser) -> None:
    proof = browser.proof()
    assert [browser.ask(proof), browser.ask(proof)] == [(200, None), (401, "embed.proof_reused")]


HTU = {"htu": "https://elsewhere.example/embed/v1/context"}
INVALID: dict[str, dict[str, Any]] = {
    "another method": {"claims": {"htm": "POST"}},
    "another host": {"claims": HTU},
    "another path": {"claims": {"htu": "http://127.0.0.1/embed/v1/applications"}},
    "no token's hash": {"claims": {"ath": None}},
    "another token's hash": {"claims": {"ath": "x" * 43}},
    "no jti": {"claims": {"jti": None}},
    "a short jti": {"claims": {"jti": "x"}},
    "a jti longer than its column": {"claims": {"jti": "x" * 65}},
    "a jti that is a number": {"claims": {"jti": 12345678901234567890}},
    "a jti with NUL": {"claims": {"jti": "x" * 20 + "\x00"}},
    "another type": {"header": {"typ": "JWT"}},
    "no key": {"header": {"jwk": {}}},
    "a key off the curve": {"header": {"jwk": {"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"}}},
    "a shared key": {
        "header": {"alg": "HS256", "jwk": {"kty": "oct", "k": "AAAA"}},
        "key": OctKey.import_key("secret"),
    },
    "signed by another key": {"key": ECKey.generate_key("P-256")},
}


@pytest.mark.parametrize("name", INVALID)
def test_what_is_no_proof(browser: Browser, name: str) -> None:
    assert browser.ask(browser.proof(**INVALID[name])) == (401, "embed.proof_invalid")


def test_a_private_key_is_refused_lest_somebody_sends_it(browser: Browser) -> None:
    proof = browser.proof(header={"jwk": browser.key.key.as_dict(private=True)})
    assert browser.ask(proof) == (401, "embed.proof_invalid")


@pytest.mark.parametrize("text", ["x", "a.b.c", "." * 5, "x" * 3000, "eyJhbGciOiJub25lIn0.e30.", "ä"])
def test_rubbish_is_refused_plainly(browser: Browser, text: str) -> None:
    assert browser.ask(text) == (401, "embed.proof_invalid")


def test_an_unsigned_proof_is_none(browser: Browser) -> None:
    head, body, _ = browser.proof().split(".")
    assert browser.ask(f"{head}.{body}.")[1] == "embed.proof_invalid"
    nothing = jws.serialize_compact({"alg": "none"}, "{}", OctKey.import_key("x"), algorithms=["none"])
    assert browser.ask(nothing)[1] == "embed.proof_invalid"


@pytest.mark.parametrize(("seconds", "status"), [(-61, 401), (-58, 200), (58, 200), (61, 401)])
def test_a_proof_is_fresh(browser: Browser, seconds: int, status: int) -> None:
    with clock.at(datetime.now(UTC).replace(microsecond=0)):
        iat = int(clock.now().timestamp()) + seconds
        found = browser.ask(browser.proof(claims={"iat": iat}))
    assert found[0] == status and found[1] in (None, "embed.proof_stale")


def test_a_browser_whose_clock_is_wrong_learns_ours(browser: Browser) -> None:
    headers = {"Authorization": f"DPoP {browser.token}", "DPoP": browser.proof(claims={"iat": 1_000_000_000})}
    told = browser.client.get(CONTEXT, headers=headers).json
    assert abs(told["context"]["server_time"] - clock.now().timestamp()) < 60
    for iat in (None, "1", 1.5, True):
        assert browser.ask(browser.proof(claims={"iat": iat}))[0] == 401


def test_a_token_is_redeemed_with_a_proof_only(client: FlaskClient, partner: Signer) -> None:
    made = opened(client, partner)
    body = {"client_token": made["client_token"], "parent_origin": partner.origin}
    refused = client.post(FRAMES, json=body, headers={"DPoP": ""})
    assert (refused.status_code, refused.json["code"]) == (401, "embed.proof_missing")
    assert client.post(FRAMES, json=body).status_code == 201, "the token is not used up by that"
    code = opened(client, partner, order=None, components={"offer": {}})["redirect_url"].partition("#c=")[2]
    refused = client.post("/embed/v1/page-sessions", json={"code": code}, headers={"DPoP": ""})
    assert refused.json["code"] == "embed.proof_missing"
    assert client.post("/embed/v1/page-sessions", json={"code": code}).status_code == 201


def test_of_two_with_one_proof_one_gets_in(app: Flask, committed: sessionmaker[Session]) -> None:
    with committed() as session:
        shop = make_partner(session)
        make_merchant(session, shop.partner_id)
        session.commit()
    browser = Browser(app.test_client(), shop)
    proof, found, barrier = browser.proof(), [], threading.Barrier(4)

    def ask() -> None:
        barrier.wait()
        headers = {"Authorization": f"DPoP {browser.token}", "DPoP": proof}
        found.append(app.test_client().get(CONTEXT, headers=headers).status_code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200, 401, 401, 401]


def test_used_proofs_are_forgotten_when_they_are_stale(browser: Browser, session: Session) -> None:
    assert browser.ask(browser.proof())[0] == 200
    with clock.at(datetime.now(UTC)) as later:
        later(timedelta(minutes=2))
        assert usecases.purge_proofs(session) == 0
        later(timedelta(minutes=4))
        assert [usecases.purge_proofs(session), usecases.purge_proofs(session)] == [2, 0]
    assert session.scalars(select(FrameProof)).all() == []
