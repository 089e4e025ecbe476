"""Hands and eyes for tests: personas and the reset of everything, as JSON under /sandbox/api."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from sandbox import personas
from sandbox.context import World, current
from sandbox.hosts import is_loopback
from sandbox.personas import Persona, PersonaChangeRefused

blueprint = Blueprint("control", __name__, url_prefix="/sandbox/api")

_PARTS = ("person", "enterprise", "wechat", "bureau")
_TAX_PARTS = ("tax", "flows")


@blueprint.after_app_request
def _open_to_this_machine(response: Response) -> Response:
    """Pages on this machine (a browser test's stand-in for WeChat's client) may call /sandbox/api; others may not."""
    origin = request.headers.get("Origin", "")
    if request.path.startswith("/sandbox/api/") and is_loopback(origin):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        response.vary.add("Origin")
    return response


@blueprint.get("/personas")
def every_persona() -> Response:
    """{"personas": […]}, whole."""
    return jsonify(personas=personas.everybody(current().store))


@blueprint.get("/personas/<code>")
def one_persona(code: str) -> Response:
    """One persona, whole."""
    return jsonify(personas.get(current().store, code) or abort(404))


@blueprint.post("/personas/<code>")
def change_persona(code: str) -> Response:
    """Change a persona; what is not named stays.

    {"invoice": {"number", "amount_fen"}} one invoice · {"invoices": […]} all of them (sales follow in both cases) ·
    {"sources_down": ["bureau", "tax"]} · {"person"|"enterprise"|"wechat"|"bureau"|"tax"|"flows": {…}} single fields;
    {"wechat": {"high_risk": true}} makes code2Session refuse the user.
    """
    world = current()
    if personas.get(world.store, code) is None:
        abort(404)
    try:
        return jsonify(apply_change(world, code, request.get_json()))
    except PersonaChangeRefused as refused:
        return _refusal(str(refused))


@blueprint.post("/reset")
def reset() -> Response:
    """Forget everything but the keys; the personas begin anew."""
    forget(current())
    return jsonify(state="empty")


def forget(world: World) -> None:
    """Empty the store and put the personas back."""
    world.store.clear()
    world.keep_time(world.ahead)  # the bank's clock stays where it is
    personas.seed(world.store, world.today())


def apply_change(world: World, code: str, change: dict[str, Any]) -> Persona:
    """Apply a change as `change_persona` describes it; PersonaChangeRefused if it names what is not there."""
    unknown = set(change) - {"invoice", "invoices", "sources_down", *_PARTS, *_TAX_PARTS}
    if unknown or not set(change.get("sources_down", [])) <= set(personas.SOURCES):
        raise PersonaChangeRefused(f"cannot change {sorted(unknown) or 'sources_down'}")
    if "invoice" in change:
        personas.change_invoice(
            world.store, code, str(change["invoice"].get("number")), _fen(change["invoice"].get("amount_fen"))
        )
    return world.store.update(personas.KIND, code, lambda persona: _merged(persona, change))


def _merged(persona: Persona, change: dict[str, Any]) -> Persona:
    if "invoices" in change:
        persona = personas.with_invoices(persona, change["invoices"])
    if "sources_down" in change:
        persona = persona | {"sources_down": change["sources_down"]}
    for part in _PARTS:
        persona = persona | {part: persona[part] | change.get(part, {})}
    tax = persona["tax"]
    return persona | {"tax": tax | {part: tax[part] | change.get(part, {}) for part in _TAX_PARTS}}


def _fen(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise PersonaChangeRefused("amount_fen must be a whole number of fen")
    return value


def _refusal(text: str) -> Response:
    response = jsonify(code="sandbox.refused", detail=text)
    response.status_code = 422
    return response
