"""The credit bureau: identity checks and reports on the personas, over the bureau port."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sandbox import personas
from sandbox.context import current
from sandbox.ports import PortRefusal, asked_once, now_text, port_blueprint, read_body

blueprint: Blueprint = port_blueprint("bureau", "/bureau/v1")


@blueprint.post("/identity-checks")
def check_identity() -> ResponseReturnValue:
    """{query_no, name, id_no, phone} → match, mismatch or not_found; 503 while the source is down."""
    asked = read_body(query_no=str, name=str, id_no=str, phone=str)
    persona = personas.by_person(current().store, asked["id_no"])
    _refuse_if_down(persona)
    answer = {"query_no": asked["query_no"], "result": _compare(persona, asked)}
    return asked_once("bureau_identity_check", asked["query_no"], asked, answer)


def _compare(persona: personas.Persona | None, asked: dict[str, Any]) -> str:
    if persona is None:
        return "not_found"
    person = persona["person"]
    own = (person["phone"], personas.second_phone(person["phone"]))
    return "match" if person["name"] == asked["name"] and asked["phone"] in own else "mismatch"


@blueprint.post("/reports")
def report() -> ResponseReturnValue:
    """{query_no, name, id_no, purpose, consent_ref} → the credit report; the same query_no is one query, asked twice.

    404 person.unknown when name and number are not of one person, 503 source.down.
    """
    asked = read_body(query_no=str, name=str, id_no=str, purpose=str, consent_ref=str)
    persona = personas.by_person(current().store, asked["id_no"])
    _refuse_if_down(persona)
    if persona is None or persona["person"]["name"] != asked["name"]:
        raise PortRefusal(404, "person.unknown", "no person with this name and number")
    answer = {"query_no": asked["query_no"], "reported_at": now_text(), "report": persona["bureau"]}
    return asked_once("bureau_report", asked["query_no"], asked, answer)


def _refuse_if_down(persona: personas.Persona | None) -> None:
    if persona and "bureau" in persona["sources_down"]:
        raise PortRefusal(503, "source.down", "the bureau does not answer for now")
