"""How the partner's server talks to the bank: requests signed by RFC 9421 with Ed25519, bodies bound by RFC 9530."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sandbox.context import World
from sandbox.shop.catalogue import PRODUCTS
from sandbox.store import Document

COVERED = ("@method", "@authority", "@path", "@query", "content-digest", "idempotency-key")
SESSIONS_PATH = "/partner/v1/embed-sessions"
TIMEOUT_SECONDS = 5.0
SESSION_COUNT = "shop_loan_session"
DEFAULT_PORTS = {"http": 80, "https": 443}

_asking = threading.Lock()


class BankRefused(Exception):
    """The bank did not give a session: `code` is the bank's stable code or bank.unreachable."""

    def __init__(self, code: str, request_id: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.request_id = request_id


def signed_headers(
    method: str, url: str, body: bytes, *, private_key_pem: str, key_id: str, idempotency_key: str, created: int
) -> dict[str, str]:
    """Headers of a signed request (RFC 9421 §2.5, §3.1; RFC 9530 §2).

    `body` must be sent byte for byte as given here; `created` is a Unix second. The nonce is 192 fresh random bits.
    """
    parts = urlsplit(url)
    is_default_port = parts.port in (None, DEFAULT_PORTS.get(parts.scheme))
    host = (parts.hostname or "").lower()
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    values = {
        "@method": method,
        "@authority": host if is_default_port else f"{host}:{parts.port}",
        "@path": parts.path or "/",
        "@query": f"?{parts.query}",
        "content-digest": digest,
        "idempotency-key": idempotency_key,
    }
    names = " ".join(f'"{name}"' for name in COVERED)
    parameters = f'({names});created={created};nonce="{secrets.token_urlsafe(24)}";keyid="{key_id}";alg="ed25519"'
    lines = [f'"{name}": {values[name]}' for name in COVERED] + [f'"@signature-params": {parameters}']
    key = cast(Ed25519PrivateKey, load_pem_private_key(private_key_pem.encode(), password=None))
    signature = base64.b64encode(key.sign("\n".join(lines).encode())).decode()
    return {
        "Content-Type": "application/json",
        "Content-Digest": digest,
        "Idempotency-Key": idempotency_key,
        "Signature-Input": f"dukou={parameters}",
        "Signature": f"dukou=:{signature}:",
    }


def open_session(world: World, order: Document, *, origin: str, locale: str) -> dict[str, Any]:
    """Ask the bank for an embed session of an order and answer the bank's body. Raises BankRefused.

    The idempotency key is stable for the order until a session has come back: a repeat after a lost answer finds the
    same session, a repeat after a used one gets a fresh token. One question at a time, so that two never share a key.
    """
    body = json.dumps(_session(world, order, origin, locale), ensure_ascii=False, separators=(",", ":")).encode()
    with _asking:
        opened = (world.store.get(SESSION_COUNT, order["order_ref"]) or {"count": 0})["count"]
        # The body is part of the key because the bank refuses one key with two bodies.
        idempotency_key = f"{order['order_ref']}-{opened}-{hashlib.sha256(body).hexdigest()[:16]}"
        answer = _post(world, body, idempotency_key)
        world.store.put(SESSION_COUNT, order["order_ref"], {"count": opened + 1})
    return answer


def _session(world: World, order: Document, origin: str, locale: str) -> dict[str, Any]:
    return {
        "customer_ref": order["customer_ref"],
        "origins": [origin],
        "components": {"offer": {}, "apply": {"max_amount_fen": order["amount_fen"]}, "handoff": {}},
        "order": {
            "order_ref": order["order_ref"],
            "merchant_ref": world.keys["partner"]["merchant"]["merchant_ref"],
            "title": _title(order),
            "amount_fen": order["amount_fen"],
        },
        "locale": locale,
        "return_url": f"{origin}/shop/orders/{order['order_ref']}",
    }


def _title(order: Document) -> str:
    """What was ordered, as the bank shows it to the customer: the first line, and that there are more."""
    names = [PRODUCTS[line["product_id"]].name["zh"] for line in order["lines"]]
    return names[0] if len(names) == 1 else f"{names[0]} 等 {len(names)} 种"


def _post(world: World, body: bytes, idempotency_key: str) -> dict[str, Any]:
    partner = world.keys["partner"]
    url = world.bank_url.rstrip("/") + SESSIONS_PATH
    headers = signed_headers(
        "POST",
        url,
        body,
        private_key_pem=partner["private_key_pem"],
        key_id=partner["key_id"],
        idempotency_key=idempotency_key,
        created=int(world.wire_seconds()),
    )
    try:
        answer = httpx.post(url, content=body, headers=headers, timeout=TIMEOUT_SECONDS)
        told = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise BankRefused("bank.unreachable") from error
    if answer.status_code != httpx.codes.CREATED or not isinstance(told, dict):
        told = told if isinstance(told, dict) else {}
        raise BankRefused(str(told.get("code", "bank.unreachable")), told.get("request_id"))
    return told
