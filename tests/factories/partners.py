"""An invented partner with a key of its own, and the other side of its signature: http-message-signatures."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from flask.testing import FlaskClient
from http_message_signatures import HTTPMessageSigner, algorithms
from http_message_signatures.resolvers import MappingKeyResolver
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.kernel import clock
from app.partners import usecases
from app.partners.domain.agreements import SCOPES

ORIGIN = "https://shop.example"
BANK = "https://bank.example"
COVERED = ("@method", "@authority", "@path", "@query")
PrivateKey = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
SigningKey = PrivateKey | bytes  # bytes: a secret that both sides know


@dataclass
class Signer:
    """A partner's server: signs requests as RFC 9421 says. `origin` is where its pages live."""

    partner_id: UUID
    key_id: str
    private_key: SigningKey = field(repr=False)
    origin: str = ORIGIN

    def headers(
        self,
        method: str,
        url: str,
        body: bytes = b"",
        *,
        idempotency_key: str | None = None,
        nonce: str | None = None,
        created: Any = None,
        cover: tuple[str, ...] | None = None,
        label: str = "shop",
        include_alg: bool = True,
        version: str | None = None,
    ) -> dict[str, str]:
        """Signed headers; the keyword arguments are for tests that sign in another way."""
        headers: dict[str, str] = {}
        if body:
            digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
            headers |= {"Content-Type": "application/json", "Content-Digest": f"sha-256=:{digest}:"}
        if idempotency_key:
            headers["Idempotency-Key"] = idempotency_key
        if version:
            headers["Dukou-Version"] = version
        message = SimpleNamespace(method=method, url=url, headers=headers)
        covered = [*COVERED, *(name.lower() for name in headers if name != "Content-Type")] if cover is None else cover
        self._signer().sign(
            message,
            key_id=self.key_id,
            created=created or clock.now(),
            nonce=nonce or secrets.token_urlsafe(24),
            label=label,
            include_alg=include_alg,
            covered_component_ids=covered,
            use_existing_digest="Content-Digest" in headers,
        )
        return headers

    def _signer(self) -> HTTPMessageSigner:
        kinds = {rsa.RSAPrivateKey: algorithms.RSA_PSS_SHA512, bytes: algorithms.HMAC_SHA256}
        found = (algorithm for kind, algorithm in kinds.items() if isinstance(self.private_key, kind))
        algorithm = next(found, algorithms.ED25519)
        keys = MappingKeyResolver(public_keys={}, private_keys={self.key_id: self.private_key})
        return HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=keys)

    def call(
        self, client: FlaskClient, method: str, path: str, body: Any = None, *, key: str | None = None, **how: Any
    ) -> TestResponse:
        """Send a signed request to the application under its own public name; writes get an Idempotency-Key."""
        base_url = client.application.config["DUKOU"].public_url
        raw = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        write = method not in ("GET", "HEAD")
        idempotency_key = key or (secrets.token_hex(16) if write else None)
        address = {"REMOTE_ADDR": how.pop("address", "127.0.0.1")}
        headers = self.headers(method, base_url + path, raw, idempotency_key=idempotency_key, **how)
        return client.open(path, method=method, data=raw, headers=headers, base_url=base_url, environ_base=address)


def public_pem(key: PrivateKey) -> str:
    """What the partner uploads."""
    encoded = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return encoded.decode()


def make_partner(
    session: Session,
    *,
    code: str | None = None,
    private_key: PrivateKey | None = None,
    scopes: frozenset[str] = SCOPES,
    origin: str = ORIGIN,
) -> Signer:
    """Admit an invented partner with one key and one origin; answers its server."""
    key = private_key or ed25519.Ed25519PrivateKey.generate()
    code = code or f"shop-{secrets.token_hex(4)}"
    partner_id = usecases.admit_partner(session, code=code, name="测试云仓", effective_from=date(2026, 1, 1))
    algorithm = "rsa-pss-sha512" if isinstance(key, rsa.RSAPrivateKey) else "ed25519"
    usecases.add_key(
        session,
        partner_id=partner_id,
        key_id=f"{code}-1",
        algorithm=algorithm,
        public_key_pem=public_pem(key),
        scopes=scopes,
    )
    usecases.add_origin(session, partner_id=partner_id, origin=origin, loopback_too=True)
    session.commit()
    return Signer(partner_id, f"{code}-1", key, origin)


def request_facts(method: str, url: str, headers: dict[str, str], body: bytes = b"") -> dict[str, Any]:
    """What the edge hands to `authenticate` for a request to `url`."""
    parts = urlsplit(url)
    return {
        "method": method,
        "authority": parts.netloc,
        "path": parts.path,
        "query": parts.query,
        "headers": list(headers.items()),
        "body": body,
        "public_url": BANK,
    }


def add_key(
    session: Session, partner: Signer, *, scopes: frozenset[str] = SCOPES, key_id: str | None = None, **more: Any
) -> Signer:
    """Another Ed25519 key of the same partner."""
    key, key_id = ed25519.Ed25519PrivateKey.generate(), key_id or f"key-{secrets.token_hex(4)}"
    told = {"key_id": key_id, "algorithm": "ed25519", "public_key_pem": public_pem(key), "scopes": scopes, **more}
    usecases.add_key(session, partner_id=partner.partner_id, **told)
    session.commit()
    return Signer(partner.partner_id, key_id, key, partner.origin)
