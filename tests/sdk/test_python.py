"""The Python SDK against the running bank."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.partners import usecases as partners
from app.partners.domain.agreements import SCOPES
from tests.sdk.conftest import Bank  # first: it makes the SDK findable

from dukou_partner import Client, DukouError, Ed25519Signer, HmacSigner, NoAnswer, new_key_pair  # isort: skip

NEW_KEY = {"algorithm": "client_secret", "scopes": ["orders:read"]}


class Flaky(httpx.BaseTransport):
    """Lets every request through, but loses or replaces the first answers."""

    def __init__(self, *firsts: int | None) -> None:
        self._firsts, self._real, self.sent = list(firsts), httpx.HTTPTransport(), 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent += 1
        answer = self._real.handle_request(request)
        if not self._firsts:
            return answer
        answer.read()
        status = self._firsts.pop(0)
        if status is None:
            raise httpx.ReadError("lost", request=request)
        return httpx.Response(status, headers={"Retry-After": "7"}, request=request)


@pytest.fixture
def connect(bank: Bank) -> Callable[..., Client]:
    def opened(*, signer: Any = None, **how: Any) -> Client:
        return Client(bank.url, signer or Ed25519Signer(bank.partner.key_id, bank.private_pem), **how)

    return opened


def test_a_call_is_signed(connect: Callable[..., Client], bank: Bank) -> None:
    with connect() as client:
        told = client.get("/whoami")
    assert (told["key_id"], told["mode"]) == (bank.partner.key_id, "test")


def test_a_shared_secret_signs_as_well(
    connect: Callable[..., Client], bank: Bank, committed: sessionmaker[Session]
) -> None:
    with committed.begin() as session:
        made = partners.add_key(
            session, partner_id=bank.partner.partner_id, key_id="small", algorithm="hmac-sha256", scopes=SCOPES
        )
    with connect(signer=HmacSigner("small", made.secret or "")) as client:
        assert client.get("/orders", limit=5)["items"] == []


def test_a_lost_answer_is_fetched_again_and_nothing_is_made_twice(connect: Callable[..., Client]) -> None:
    pauses: list[float] = []
    flaky = Flaky(None, 503)
    with connect(transport=flaky, sleep=pauses.append) as client:
        made = client.post("/keys", NEW_KEY)
        keys = list(client.pages("/keys", limit=1))
    assert (len(keys), made["key"]["key_id"]) == (2, keys[0]["key_id"])
    assert (pauses, flaky.sent) == ([0.5, 7.0], 5)


def test_without_an_answer_the_key_to_repeat_with_is_told(connect: Callable[..., Client]) -> None:
    flaky = Flaky(None, None)
    with connect(transport=flaky, sleep=lambda _: None, tries=2) as client:
        with pytest.raises(NoAnswer) as lost:
            client.post("/keys", NEW_KEY)
        first = client.post("/keys", NEW_KEY, idempotency_key=lost.value.idempotency_key)
        again = client.post("/keys", NEW_KEY, idempotency_key=lost.value.idempotency_key)
        assert first == again
        assert len(list(client.pages("/keys"))) == 2


def test_a_refusal_has_a_code_and_a_page_that_explains_it(connect: Callable[..., Client]) -> None:
    flaky = Flaky()
    with connect(transport=flaky) as client, pytest.raises(DukouError) as refused:
        client.post("/orders/nobody/cancellation")
    problem = refused.value
    assert (problem.status, flaky.sent) == (404, 1)
    assert problem.request_id
    page = httpx.get(problem.doc_url, trust_env=False)
    assert page.status_code == 200
    assert problem.code in page.text


def test_a_wrong_clock_learns_the_banks(connect: Callable[..., Client]) -> None:
    flaky = Flaky()
    with connect(transport=flaky, now=lambda: time.time() - 4000, sleep=lambda _: None) as client:
        client.get("/whoami")
        client.get("/whoami")
    assert flaky.sent == 3


def test_keys_are_rotated_without_a_pause(connect: Callable[..., Client]) -> None:
    private, public = new_key_pair()
    with connect() as old:
        made = old.post("/keys", {"algorithm": "ed25519", "public_key_pem": public, "scopes": ["keys:write"]})
        with connect(signer=Ed25519Signer(made["key"]["key_id"], private)) as new:
            new.post(f"/keys/{old.get('/whoami')['key_id']}/revocation")
            assert new.get("/whoami")["key_id"] == made["key"]["key_id"]
        with pytest.raises(DukouError) as refused:
            old.get("/whoami")
    assert refused.value.code == "partner.signature_key_expired"


def test_what_is_no_private_key_is_refused_at_once() -> None:
    with pytest.raises(ValueError):
        Ed25519Signer("k", "not a key")
