"""private_key_jwt: a key that signs fetches tokens by a JWT of five minutes, once; two keys may overlap."""

from __future__ import annotations

import base64
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask.testing import FlaskClient
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey, RSAKey
from sqlalchemy.orm import Session

from app.kernel import clock
from app.partners import queries, usecases
from app.partners.usecases.assertions import REGISTRY
from tests.factories.partners import Signer, add_key, make_partner, public_pem

TOKEN, WHOAMI = "/partner/v1/oauth/token", "/partner/v1/whoami"
EARLIER = datetime(2026, 1, 1, tzinfo=UTC)
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture
def partner(session: Session) -> Signer:
    return make_partner(session)


def assertion(client: FlaskClient, signer: Signer, header: dict[str, Any] | None = None, **changes: Any) -> str:
    """A JWT as a partner's server makes it; a claim of None is left out."""
    pem = signer.private_key.private_bytes(  # type: ignore[union-attr]
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    is_rsa = isinstance(signer.private_key, rsa.RSAPrivateKey)
    key: Any = (RSAKey if is_rsa else OKPKey).import_key(pem)
    now = int(clock.now().timestamp())
    claims = {
        "iss": signer.key_id, "sub": signer.key_id, "aud": client.application.config["DUKOU"].public_url + TOKEN,
        "jti": secrets.token_urlsafe(16), "iat": now, "exp": now + 300, **changes,
    }  # fmt: skip
    told = {name: value for name, value in claims.items() if value is not None}
    head = {"alg": "PS512" if is_rsa else "EdDSA", **(header or {})}
    return jws.serialize_compact(head, json.dumps(told).encode(), key, registry=REGISTRY)


def fetch(client: FlaskClient, jwt: str, **changes: Any) -> Any:
    form = {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_assertion": jwt, **changes}
    return client.post(TOKEN, data={name: value for name, value in form.items() if value is not None})


def refused(answer: Any) -> tuple[int, str, str]:
    return answer.status_code, answer.json["error"], answer.json.get("context", {}).get("reason", answer.json["code"])


def whoami(client: FlaskClient, answer: Any) -> Any:
    return client.get(WHOAMI, headers={"Authorization": f"Bearer {answer.json['access_token']}"})


def test_a_key_that_signs_fetches_a_token(client: FlaskClient, partner: Signer) -> None:
    answer = fetch(client, assertion(client, partner), scope="orders:read")
    assert answer.status_code == 200 and answer.json["expires_in"] == 900
    shown = whoami(client, answer).json
    assert (shown["key_id"], shown["scopes"]) == (partner.key_id, ["orders:read"])
    origin = client.application.config["DUKOU"].public_url
    assert fetch(client, assertion(client, partner, aud=[origin]), client_id=partner.key_id).status_code == 200


def test_a_client_keeps_its_name_while_its_keys_overlap(
    client: FlaskClient, partner: Signer, session: Session
) -> None:
    """The partner's code is the client, `kid` the key: both work until the old one is taken back."""
    code = queries.partner(session, partner.partner_id).code
    large = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    made = usecases.add_key(
        session, partner_id=partner.partner_id, key_id="new-key", algorithm="rsa-pss-sha512",
        public_key_pem=public_pem(large), scopes=frozenset({"orders:read"}),
    )  # fmt: skip
    session.commit()
    new = Signer(partner.partner_id, made.key.key_id, large, partner.origin)
    for signer in (partner, new):
        jwt = assertion(client, signer, {"kid": signer.key_id}, iss=code, sub=code)
        assert whoami(client, fetch(client, jwt, client_id=code)).json["key_id"] == signer.key_id
    usecases.revoke_key(session, key_id=partner.key_id)
    session.commit()
    jwt = assertion(client, partner, {"kid": partner.key_id}, iss=code, sub=code)
    assert refused(fetch(client, jwt)) == (401, "invalid_client", "client")


def test_an_assertion_is_good_once(client: FlaskClient, partner: Signer) -> None:
    jwt = assertion(client, partner)
    assert fetch(client, jwt).status_code == 200
    assert refused(fetch(client, jwt)) == (401, "invalid_client", "reused")
    again = assertion(client, partner, jti="the same jti as before")
    assert fetch(client, again).status_code == 200
    assert refused(fetch(client, assertion(client, partner, jti="the same jti as before")))[2] == "reused"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"aud": "https://other.example/partner/v1/oauth/token"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": ["https://other.example", "https://bank.example"]}, "audience"),
        ({"exp": None}, "claims"),
        ({"exp": "soon"}, "claims"),
        ({"exp": True}, "claims"),
        ({"exp": -1}, "expired"),
        ({"exp": 2**63}, "expired"),
        ({"iat": 1}, "expired"),
        ({"nbf": 2**40}, "expired"),
        ({"jti": None}, "claims"),
        ({"jti": "short"}, "claims"),
        ({"jti": "x" * 101}, "claims"),
        ({"jti": "with\x00nul and more"}, "claims"),
        ({"iss": "somebody"}, "claims"),
        ({"sub": 1, "iss": 1}, "claims"),
        ({"sub": "nobody", "iss": "nobody"}, "client"),
        ({"sub": "no\x00body", "iss": "no\x00body"}, "claims"),
    ],
)
def test_what_an_assertion_claims_is_looked_at(
    client: FlaskClient, partner: Signer, changes: dict[str, Any], reason: str
) -> None:
    assert refused(fetch(client, assertion(client, partner, **changes))) == (401, "invalid_client", reason)


def test_another_keys_assertion_is_nobodys(client: FlaskClient, partner: Signer, session: Session) -> None:
    other, second = make_partner(session), add_key(session, partner)
    stolen = assertion(client, other, iss=partner.key_id, sub=partner.key_id)
    assert refused(fetch(client, stolen))[2] == "client"
    named = assertion(client, other, {"kid": partner.key_id}, iss=partner.key_id, sub=partner.key_id)
    assert refused(fetch(client, named))[2] == "client"
    assert refused(fetch(client, assertion(client, second), client_id=partner.key_id))[2] == "client"
    whole = assertion(client, partner)
    shared = OctKey.import_key(b"a secret that both sides would know")
    payload = base64.urlsafe_b64decode(whole.split(".")[1] + "==")
    assert refused(fetch(client, jws.serialize_compact({"alg": "HS256"}, payload, shared)))[2] == "client"
    assert refused(fetch(client, f"eyJhbGciOiJub25lIn0.{whole.split('.')[1]}."))[2] == "client"
    for malformed in ("x", "a.b.c", "....", "e30.e30.", "x" * 4000):
        assert refused(fetch(client, malformed))[2] == "malformed"


def test_a_client_proves_itself_in_one_way(client: FlaskClient, partner: Signer) -> None:
    for changes in ({"client_secret": "x"}, {"client_assertion_type": None}, {"client_assertion_type": "saml"}):
        answer = fetch(client, assertion(client, partner), **changes)
        assert (answer.status_code, answer.json["code"]) == (400, "partner.grant_refused")


def test_addresses_modes_and_the_switch_hold_here_too(client: FlaskClient, partner: Signer, session: Session) -> None:
    far, live = add_key(session, partner, networks=["203.0.113.0/24"]), add_key(session, partner, mode="live")
    assert refused(fetch(client, assertion(client, far)))[2] == "partner.address_not_allowed"
    assert refused(fetch(client, assertion(client, live)))[2] == "partner.key_other_mode"
    over = add_key(session, partner, not_before=EARLIER, not_after=EARLIER + timedelta(days=1))
    assert refused(fetch(client, assertion(client, over)))[2] == "client"
    usecases.suspend(session, partner_id=partner.partner_id, reason="test")
    session.commit()
    assert refused(fetch(client, assertion(client, partner)))[2] == "partner.suspended"
