"""The tax and company registry source: enterprises, tax summary, invoices and flows of the personas."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sandbox import personas
from sandbox.context import current
from sandbox.ports import PortRefusal, asked_once, now_text, port_blueprint, read_body

blueprint: Blueprint = port_blueprint("tax", "/tax/v1")


@blueprint.post("/enterprises")
def enterprise() -> ResponseReturnValue:
    """{query_no, uscc} → the registry's entry; 404 enterprise.unknown, 503 source.down."""
    asked = read_body(query_no=str, uscc=str)
    persona = _find(asked["uscc"])
    answer = {"query_no": asked["query_no"], "enterprise": persona["enterprise"]}
    return asked_once("tax_enterprise_query", asked["query_no"], asked, answer)


@blueprint.post("/reports")
def report() -> ResponseReturnValue:
    """{query_no, uscc, consent_ref} → tax, invoices and flows as they are now; the same query_no repeats its answer."""
    asked = read_body(query_no=str, uscc=str, consent_ref=str)
    persona = _find(asked["uscc"])
    answer = {"query_no": asked["query_no"], "reported_at": now_text(), **persona["tax"]}
    return asked_once("tax_report", asked["query_no"], asked, answer)


def _find(uscc: str) -> personas.Persona:
    persona = personas.by_enterprise(current().store, uscc)
    if persona is None:
        raise PortRefusal(404, "enterprise.unknown", "no enterprise with this code")
    if "tax" in persona["sources_down"]:
        raise PortRefusal(503, "source.down", "the tax source does not answer for now")
    return persona
