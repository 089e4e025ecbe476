"""The people of the sandbox: a dozen persons, each with an enterprise and a WeChat account, the same in every channel.

A persona is a document of kind "persona":
  code, title, person {name, id_no, phone}, enterprise {as the registry answers},
  wechat {mini_openid, h5_openid, unionid, nickname}, bureau {the report as the bureau answers},
  tax {tax {…}, invoices […], flows {…}: as the tax source answers}, sources_down (a subset of "bureau", "tax")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sandbox.persona_profiles import PROFILES, build
from sandbox.store import Store

KIND = "persona"
SOURCES = ("bureau", "tax")

Persona = dict[str, Any]


class PersonaChangeRefused(Exception):
    """A change names something the persona does not have; the message says what."""


def codes() -> list[str]:
    """All persona codes, in the order of the page."""
    return [profile.code for profile in PROFILES]


def seed(store: Store, today: date) -> None:
    """Put the personas that are missing into the store; invoices end the day before `today`."""
    for number, profile in enumerate(PROFILES, start=1):
        store.add(KIND, profile.code, build(profile, number, today))


def everybody(store: Store) -> list[Persona]:
    """All personas as they are now."""
    return store.all(KIND)


def get(store: Store, code: str) -> Persona | None:
    """The persona of that code, or None."""
    return store.get(KIND, code)


def second_phone(phone: str) -> str:
    """Every persona has a second number that the bureau knows as theirs: 191 in the place of the first three digits."""
    return f"191{phone[3:]}"


def by_person(store: Store, id_no: str) -> Persona | None:
    """The persona whose person has this resident ID."""
    return _first(store, lambda persona: persona["person"]["id_no"] == id_no)


def by_enterprise(store: Store, uscc: str) -> Persona | None:
    """The persona whose enterprise has this unified social credit code."""
    return _first(store, lambda persona: persona["enterprise"]["uscc"] == uscc)


def by_openid(store: Store, openid: str) -> Persona | None:
    """The persona with this openid in either app."""
    return _first(store, lambda persona: openid in (persona["wechat"]["mini_openid"], persona["wechat"]["h5_openid"]))


def set_source_down(store: Store, code: str, source: str, down: bool) -> Persona:
    """Take a source ("bureau" or "tax") down for one persona, or bring it back."""
    if source not in SOURCES:
        raise PersonaChangeRefused(f"unknown source {source}")

    def change(persona: Persona) -> Persona:
        others = [name for name in persona["sources_down"] if name != source]
        return persona | {"sources_down": [*others, source] if down else others}

    return store.update(KIND, code, change)


def change_invoice(store: Store, code: str, number: str, amount_fen: int) -> Persona:
    """Give one invoice another amount; the yearly sales in the tax summary move with it."""

    def change(persona: Persona) -> Persona:
        if number not in {invoice["number"] for invoice in persona["tax"]["invoices"]}:
            raise PersonaChangeRefused(f"{code} has no invoice {number}")
        invoices = list(_with_amount(persona["tax"]["invoices"], number, amount_fen))
        return with_invoices(persona, invoices)

    return store.update(KIND, code, change)


def with_invoices(persona: Persona, invoices: list[dict[str, Any]]) -> Persona:
    """The persona with these invoices and with the sales figure that follows from them."""
    delta = _sales(invoices) - _sales(persona["tax"]["invoices"])
    summary = persona["tax"]["tax"]
    changed = summary | {"vat_sales_12m_fen": max(0, summary["vat_sales_12m_fen"] + delta)}
    return persona | {"tax": persona["tax"] | {"tax": changed, "invoices": invoices}}


def _with_amount(invoices: list[dict[str, Any]], number: str, amount_fen: int) -> Iterator[dict[str, Any]]:
    for invoice in invoices:
        yield invoice | {"amount_fen": amount_fen} if invoice["number"] == number else invoice


def _sales(invoices: list[dict[str, Any]]) -> int:
    return sum(invoice["amount_fen"] if invoice["kind"] == "blue" else -invoice["amount_fen"] for invoice in invoices)


def _first(store: Store, fits: Callable[[Persona], bool]) -> Persona | None:
    return next((persona for persona in store.all(KIND) if fits(persona)), None)
