"""Who lends: the bank's name and where its mark is, asked of the bank; the shop keeps no copy of its picture."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from sandbox.context import current
from sandbox.shop.catalogue import Text

PROFILE_PATH = "/public/v1/bank"
FRESH_SECONDS, RETRY_SECONDS = 300, 10
TIMEOUT_SECONDS = 2.0
KIND = "shop_lender"


@dataclass(frozen=True)
class Lender:
    """A bank as a shop shows it."""

    name: Text
    mark_url: str


def lender(embed_url: str) -> Lender | None:
    """The bank behind `embed_url`, asked again after five minutes; None when it does not answer: then no bank is named.

    A refusal or silence is remembered for ten seconds, so that pages do not wait for a bank that is away.
    """
    world = current()
    known = world.store.get(KIND, world.bank_url)
    if known is None or world.seconds() >= known["until"]:
        profile = _ask(world.bank_url)
        known = {"profile": profile, "until": world.seconds() + (FRESH_SECONDS if profile else RETRY_SECONDS)}
        world.store.put(KIND, world.bank_url, known)
    profile = known["profile"]
    if not profile:
        return None
    return Lender({"zh": profile["short_name"], "en": profile["english_name"]}, urljoin(embed_url, profile["mark"]))


def _ask(bank_url: str) -> dict[str, str] | None:
    """What the shop needs of the bank's public profile; the mark's address must be a path of the bank's own."""
    try:
        answer = httpx.get(bank_url.rstrip("/") + PROFILE_PATH, timeout=TIMEOUT_SECONDS, trust_env=False)
        told = answer.raise_for_status().json()
        profile = {name: str(told[name]) for name in ("short_name", "english_name", "mark")}
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
    mark = urlsplit(profile["mark"])
    return None if mark.scheme or mark.netloc or not mark.path.startswith("/") else profile
