"""Request signatures against the use case: what passes, and every way to forge, repeat or stretch one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import clock, db
from app.kernel.audience import PartnerPrincipal
from app.partners import jobs, usecases
from app.partners.domain import agreements, digests, signatures
from app.partners.models import PartnerNonce
from app.partners.usecases.authentication import KeyExpired, KeyUnknown, NonceReused
from tests.factories.partners import BANK, Signer, make_partner, request_facts

URL = f"{BANK}/partner/v1/embed-sessions?b=2&a=1"
BODY = '{"名":1}'.encode()
Facts = dict[str, Any]


@pytest.fixture
def partner(session: Session) -> Signer:
    return make_partner(session)


def signed(partner: Signer, method: str = "POST", url: str = URL, body: bytes = BODY, **how: Any) -> Facts:
    how.setdefault("idempotency_key", "key-1" if method == "POST" else None)
    return request_facts(method, url, partner.headers(method, url, body, **how), body)


def test_a_signed_request_is_its_partners(session: Session, partner: Signer) -> None:
    principal = usecases.authenticate(session, **signed(partner))
    assert (principal.partner_id, principal.key_id) == (partner.partner_id, partner.key_id)
    usecases.require_scope(principal, "orders:read")


def test_rsa_keys_sign_too(session: Session) -> None:
    partner = make_partner(session, private_key=rsa.generate_private_key(65537, 2048))
    assert usecases.authenticate(session, **signed(partner)).partner_id == partner.partner_id


def test_reads_need_neither_body_nor_key(session: Session, partner: Signer) -> None:
    assert usecases.authenticate(session, **signed(partner, "GET", f"{BANK}/partner/v1/whoami", b"", include_alg=False))


def with_header(name: str, value: str) -> Callable[[Facts], Facts]:
    def change(facts: Facts) -> Facts:
        kept = [(key, old) for key, old in facts["headers"] if key.lower() != name.lower()]
        return facts | {"headers": [*kept, (name, value)]}

    return change


def without_header(name: str) -> Callable[[Facts], Facts]:
    return lambda facts: facts | {"headers": [(k, v) for k, v in facts["headers"] if k.lower() != name.lower()]}


ALTERED: dict[str, tuple[Callable[[Facts], Facts], type[Exception]]] = {
    "method": (lambda facts: facts | {"method": "PUT"}, signatures.SignatureInvalid),
    "method case": (lambda facts: facts | {"method": "post"}, signatures.SignatureInvalid),
    "host": (lambda facts: facts | {"authority": "evil.example"}, signatures.SignatureInvalid),
    "port": (lambda facts: facts | {"authority": "bank.example:8443"}, signatures.SignatureInvalid),
    "path": (lambda facts: facts | {"path": "/partner/v1/orders"}, signatures.SignatureInvalid),
    "path case": (lambda facts: facts | {"path": "/partner/V1/embed-sessions"}, signatures.SignatureInvalid),
    "trailing slash": (lambda facts: facts | {"path": facts["path"] + "/"}, signatures.SignatureInvalid),
    "encoded dots": (
        lambda facts: facts | {"path": "/partner/v1/x/%2e%2e/embed-sessions"},
        signatures.SignatureInvalid,
    ),
    "encoded letter": (lambda facts: facts | {"path": "/partner/v1/%65mbed-sessions"}, signatures.SignatureInvalid),
    "absolute form": (lambda facts: facts | {"path": URL.partition("?")[0]}, signatures.SignatureInvalid),
    "query order": (lambda facts: facts | {"query": "a=1&b=2"}, signatures.SignatureInvalid),
    "query dropped": (lambda facts: facts | {"query": ""}, signatures.SignatureInvalid),
    "body": (lambda facts: facts | {"body": BODY + b" "}, digests.DigestMismatch),
    "body dropped": (lambda facts: facts | {"body": b""}, digests.DigestMismatch),
    "digest of another body": (
        with_header("Content-Digest", "sha-256=:LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564=:"),
        digests.DigestMismatch,
    ),
    "idempotency key": (with_header("Idempotency-Key", "key-2"), signatures.SignatureInvalid),
    "idempotency key dropped": (without_header("Idempotency-Key"), signatures.SignatureMalformed),
    "digest dropped": (without_header("Content-Digest"), signatures.SignatureInvalid),
    "signature of others": (with_header("Signature", "shop=:AAAA:"), signatures.SignatureInvalid),
    "no signature": (without_header("Signature"), signatures.SignatureMissing),
    "header twice": (
        lambda facts: facts | {"headers": [*facts["headers"], ("idempotency-key", "key-2")]},
        signatures.SignatureInvalid,
    ),
    "signature twice": (
        lambda facts: facts | {"headers": [*facts["headers"], ("Signature", dict(facts["headers"])["Signature"])]},
        signatures.SignatureMalformed,
    ),
    "line break": (with_header("Idempotency-Key", 'k\n"@method": GET'), signatures.SignatureMalformed),
}


@pytest.mark.parametrize("what", ALTERED)
def test_an_altered_request_is_refused(session: Session, partner: Signer, what: str) -> None:
    change, error = ALTERED[what]
    with pytest.raises(error):
        usecases.authenticate(session, **change(signed(partner)))
    assert session.scalar(select(func.count()).select_from(PartnerNonce)) == 0


def test_what_has_an_effect_must_be_covered(session: Session, partner: Signer) -> None:
    covers = [
        ("@method", "@authority", "@path", "content-digest", "idempotency-key"),
        ("@method", "@authority", "@path", "@query", "idempotency-key"),
        ("@method", "@authority", "@path", "@query", "content-digest"),
    ]
    for cover in covers:
        with pytest.raises(signatures.SignatureMalformed) as refused:
            usecases.authenticate(session, **signed(partner, cover=cover))
        assert len(refused.value.context["missing"]) == 1


def test_the_algorithm_is_the_keys_not_the_headers(session: Session, partner: Signer) -> None:
    facts = signed(partner)
    headers = dict(facts["headers"])
    headers["Signature-Input"] = headers["Signature-Input"].replace('alg="ed25519"', 'alg="hmac-sha256"')
    with pytest.raises(signatures.SignatureInvalid):
        usecases.authenticate(session, **facts | {"headers": list(headers.items())})


def test_another_partners_key_does_not_sign_for_this_one(session: Session, partner: Signer) -> None:
    thief = Signer(partner.partner_id, partner.key_id, ed25519.Ed25519PrivateKey.generate())
    with pytest.raises(signatures.SignatureInvalid):
        usecases.authenticate(session, **signed(thief))


def test_a_host_that_is_not_ours_is_refused_even_when_signed(session: Session, partner: Signer) -> None:
    with pytest.raises(signatures.SignatureInvalid):
        usecases.authenticate(session, **signed(partner, url="https://evil.example/partner/v1/embed-sessions"))


def test_case_and_default_port_of_the_host_do_not_matter(session: Session, partner: Signer) -> None:
    assert usecases.authenticate(session, **signed(partner) | {"authority": "BANK.example:443"})


@pytest.mark.parametrize("minutes", [-6, 6])
def test_stale_signatures_are_refused(session: Session, partner: Signer, minutes: int) -> None:
    facts = signed(partner)
    with clock.at(datetime.now(UTC) + timedelta(minutes=minutes)), pytest.raises(signatures.SignatureStale):
        usecases.authenticate(session, **facts)


def test_a_nonce_signs_once_for_a_key(session: Session, partner: Signer) -> None:
    nonce = "n" * 24
    usecases.authenticate(session, **signed(partner, nonce=nonce))
    with pytest.raises(NonceReused):
        usecases.authenticate(session, **signed(partner, "GET", f"{BANK}/partner/v1/orders", b"", nonce=nonce))
    other = make_partner(session)
    assert usecases.authenticate(session, **signed(other, nonce=nonce))


def test_an_unknown_key_is_refused(session: Session, partner: Signer) -> None:
    with pytest.raises(KeyUnknown):
        usecases.authenticate(session, **signed(Signer(partner.partner_id, "nobody-1", partner.private_key)))


def test_a_revoked_or_expired_key_is_refused(session: Session, partner: Signer) -> None:
    with clock.at(datetime.now(UTC) + timedelta(days=400)), pytest.raises(KeyExpired):
        usecases.authenticate(session, **signed(partner))
    usecases.revoke_key(session, key_id=partner.key_id)
    with pytest.raises(KeyExpired):
        usecases.authenticate(session, **signed(partner))
    with pytest.raises(agreements.PartnerKeyUnknown):
        usecases.revoke_key(session, key_id="nobody-1")


def test_two_keys_overlap(session: Session, partner: Signer) -> None:
    from tests.factories.partners import public_pem

    second = Signer(partner.partner_id, f"{partner.key_id}-next", ed25519.Ed25519PrivateKey.generate())
    new_key: dict[str, Any] = {
        "partner_id": partner.partner_id,
        "key_id": second.key_id,
        "algorithm": "ed25519",
        "public_key_pem": public_pem(second.private_key),
        "scopes": frozenset({"orders:read"}),
    }
    usecases.add_key(session, **new_key)
    assert usecases.authenticate(session, **signed(partner))
    principal = usecases.authenticate(session, **signed(second))
    with pytest.raises(agreements.ScopeMissing):
        usecases.require_scope(principal, "orders:write")
    with pytest.raises(agreements.KeyIdTaken):
        usecases.add_key(session, **new_key)


def test_a_suspended_partner_is_forbidden_until_resumed(session: Session, partner: Signer) -> None:
    usecases.suspend(session, partner_id=partner.partner_id, reason="drill")
    with pytest.raises(agreements.PartnerSuspended):
        usecases.authenticate(session, **signed(partner))
    usecases.resume(session, partner_id=partner.partner_id, reason="drill over")
    assert usecases.authenticate(session, **signed(partner))


def test_of_two_requests_with_one_nonce_at_once_one_passes(committed: sessionmaker[Session]) -> None:
    with db.transaction() as session:
        partner = make_partner(session)
    facts, barrier, found = signed(partner), threading.Barrier(8), []

    def ask() -> None:
        barrier.wait()
        try:
            with db.transaction() as session:
                found.append(usecases.authenticate(session, **facts))
        except NonceReused as error:
            found.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(each) for each in found].count(PartnerPrincipal) == 1
    assert len(found) == 8


def test_nonces_are_forgotten_when_no_signature_can_use_them(session: Session, partner: Signer) -> None:
    usecases.authenticate(session, **signed(partner))
    session.commit()
    jobs.purge_nonces()
    assert session.scalar(select(func.count()).select_from(PartnerNonce)) == 1
    with clock.at(datetime.now(UTC) + timedelta(minutes=16)):
        jobs.purge_nonces()
        jobs.purge_nonces()
    assert session.scalar(select(func.count()).select_from(PartnerNonce)) == 0


RUN_TWICE = {"partners.purge_nonces"}  # proven above: the second run in a row finds nothing
