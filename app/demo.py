"""The demo: one partner with its key, page and webhook address, one merchant, and the first member of staff.

Everything goes through the use cases that real data goes through; loading it again changes nothing.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from app import process
from app.adapters import channels
from app.adapters.core_bank import Payee
from app.console import usecases as console
from app.console.domain import StaffExists
from app.kernel import clock, ids
from app.kernel.db import transaction
from app.kernel.pagination import PageRequest
from app.orders import usecases as orders
from app.partners import queries as partner_queries
from app.partners import usecases as partners
from app.webhooks import queries as webhook_queries
from app.webhooks import usecases as webhooks
from app.webhooks.ssrf import policy
from config import settings as config_settings
from config.settings import Settings

log = structlog.get_logger(__name__)
SCOPES = frozenset(
    ("embed_sessions:write", "orders:read", "orders:write", "loans:read", "events:read", "webhooks:write", "keys:write")
)
STAFF_EMAIL = "first@demo.invalid"
STAFF_NAME = "演示员工"
STAFF_ROLES = ("admin", "finance", "operations", "reviewer")


def load(world_path: Path) -> dict[str, Any]:
    """Load the demo from a sandbox's world.json; answers what to show to the person who started it."""
    settings = Settings.from_env()
    process.install(settings, pool_size=2, application="dukou-demo")
    world = json.loads(world_path.read_text())
    partner_id = _partner(world["partner"], world["base_url"])
    _merchant(partner_id, world["partner"]["merchant"])
    _webhooks(partner_id, world, settings)
    return {"staff": _staff(world_path.with_name("first-staff.json")), "rows": _rows(settings)}


def _partner(given: dict[str, Any], shop_origin: str) -> UUID:
    with transaction() as session:
        known = partner_queries.partner_by_code(session, given["partner_code"])
        partner_id = known.id if known else _admit(session, given)
        for origin in (shop_origin, shop_origin.replace("127.0.0.1", "localhost")):
            partners.add_origin(session, partner_id=partner_id, origin=origin, loopback_too=True, actor="demo")
        partners.add_publishable_key(
            session, partner_id=partner_id, environment="test", key=given["publishable_key"], actor="demo"
        )
    return partner_id


def _admit(session: Any, given: dict[str, Any]) -> UUID:
    partner_id = partners.admit_partner(
        session, code=given["partner_code"], name=given["name"], effective_from=clock.today(), actor="demo"
    )
    partners.add_key(
        session,
        partner_id=partner_id,
        key_id=given["key_id"],
        algorithm="ed25519",
        public_key_pem=given["public_key_pem"],
        scopes=SCOPES,
        mode=config_settings.current().mode,
        actor="demo",
    )
    return partner_id


def _merchant(partner_id: UUID, given: dict[str, str]) -> None:
    """The account is checked by the core bank, as for any merchant."""
    payee = Payee(given["account_no"], given["account_name"], given["bank_code"])
    verdict = channels().core_bank.check_account(payee)
    with transaction() as session:
        orders.register_merchant(session, partner_id=partner_id, account_check=verdict, **given)


def _webhooks(partner_id: UUID, world: dict[str, Any], settings: Settings) -> None:
    url = f"{world['base_url']}/shop/webhooks"
    with transaction() as session:
        first_page = PageRequest(limit=1, cursor=None, binding="demo")
        if webhook_queries.endpoints(session, partner_id=partner_id, request=first_page).items:
            return
        webhooks.add_endpoint(
            session,
            endpoint_id=ids.new_id(),
            partner_id=partner_id,
            url=url,
            event_types=["*"],
            allowed=policy(settings.production),
            secret=world["partner"]["webhook_secret"],
        )


def _staff(memory: Path) -> dict[str, str]:
    """The first account; its secrets are shown again at every start of the demo, from a private file of the state."""
    password = f"demo-{secrets.token_urlsafe(9)}"
    try:
        with transaction() as session:
            totp_secret = console.create_staff(
                session, email=STAFF_EMAIL, name=STAFF_NAME, password=password, roles=STAFF_ROLES
            )
            shown = _shown(password, totp_secret)
            _write_private(memory, shown)
    except StaffExists:
        shown = json.loads(memory.read_text())
    return shown


def _shown(password: str, totp_secret: str) -> dict[str, str]:
    uri = f"otpauth://totp/Dukou:{STAFF_EMAIL}?secret={totp_secret}&issuer=Dukou"
    return {"email": STAFF_EMAIL, "password": password, "totp_secret": totp_secret, "totp_uri": uri}


def _write_private(path: Path, content: dict[str, str]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file)


def _rows(settings: Settings) -> list[dict[str, str]]:
    web = settings.public_url
    return [
        {
            "address": f"{web}/console",
            "for": "bank staff",
            "try": "see customers, applications with reasons, loans, the book",
            "sign_in": "the account below: password, then the code of the authenticator",
        },
        {
            "address": f"{web}/portal",
            "for": "a partner's developers",
            "try": "make a key, an origin and a webhook endpoint, watch deliveries",
            "sign_in": "sign up there with any company name",
        },
        {
            "address": f"{web}/docs",
            "for": "developers",
            "try": "read the API documents of all audiences",
            "sign_in": "nothing",
        },
    ]
