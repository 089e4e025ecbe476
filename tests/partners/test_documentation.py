"""The partner guide's worked example is recomputed, and its request is let in."""

from __future__ import annotations

import base64
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy.orm import Session

from app.kernel import clock
from app.partners import usecases
from app.partners.domain import signatures
from app.webhooks.domain.told import TYPES
from tests.factories.partners import public_pem

GUIDE = (Path(__file__).parents[2] / "docs" / "partner-api.md").read_text(encoding="utf-8")


def block(name: str) -> str:
    found = re.search(rf"```{name}\n(.*?)\n```", GUIDE, re.DOTALL)
    assert found, name
    return found.group(1)


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return cast(Ed25519PrivateKey, load_pem_private_key(block("pem private").encode(), None))


@pytest.fixture
def request_parts() -> tuple[str, str, list[tuple[str, str]], bytes]:
    head, body = block("http request").split("\n\n", 1)
    first, *lines = head.split("\n")
    method, path, _ = first.split(" ")
    return method, path, [(line.split(": ", 1)[0], line.split(": ", 1)[1]) for line in lines], body.encode()


def test_the_example_adds_up(
    key: Ed25519PrivateKey, request_parts: tuple[str, str, list[tuple[str, str]], bytes]
) -> None:
    method, path, headers, body = request_parts
    assert public_pem(key).strip() == block("pem public")
    request = signatures.SignedRequest(method, "bank.example", path, "", signatures.combine(headers), body)
    stated = signatures.read_signature(request.headers)
    signatures.check_coverage(stated, request)
    base = signatures.signature_base(stated, request)
    assert base.decode() == block("text base")
    assert key.sign(base) == stated.signature
    assert f"shop=:{base64.b64encode(key.sign(base)).decode()}:" == dict(headers)["Signature"]


def test_the_examples_request_is_let_in(
    session: Session, key: Ed25519PrivateKey, request_parts: tuple[str, str, list[tuple[str, str]], bytes]
) -> None:
    method, path, headers, body = request_parts
    with clock.at(datetime.fromtimestamp(1793606400, UTC)):
        partner_id = usecases.admit_partner(session, code="guide", name="测试", effective_from=date(2026, 1, 1))
        usecases.add_key(
            session,
            partner_id=partner_id,
            key_id="shop-2026",
            algorithm="ed25519",
            public_key_pem=block("pem public"),
            scopes=frozenset({"embed_sessions:write"}),
        )
        principal = usecases.authenticate(
            session,
            method=method,
            authority=dict(headers)["Host"],
            path=path,
            query="",
            headers=headers,
            body=body,
            public_url="https://bank.example",
        )
    assert principal.partner_id == partner_id


def test_the_guide_names_every_event_type_and_error() -> None:
    for kind in TYPES:
        group, _, name = kind.partition(".")
        assert f"`{group}." in GUIDE and f".{name}`" in GUIDE, kind
    for error in (
        "missing",
        "malformed",
        "stale",
        "invalid",
        "key_unknown",
        "key_expired",
        "digest_mismatch",
        "nonce_reused",
    ):
        assert f"`partner.signature_{error}`" in GUIDE
