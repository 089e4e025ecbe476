"""What the buttons of the desk do; each answers with a redirect to the section it came from."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from sandbox import control, core_bank, personas
from sandbox.context import World, current
from sandbox.personas import PersonaChangeRefused
from sandbox.shop import webhooks
from sandbox.wechat import codes
from sandbox.wechat.control import new_login_code
from sandbox.wechat.oauth import PHONE_COOKIE
from sandbox.wechat.pay import faults, notices, refunds
from sandbox.wechat.pay.faults import FaultRefused
from sandbox.wechat.pay.payment import act
from sandbox.wechat.pay.prepay import ORDERS
from sandbox.wechat.pay.settings import DEFAULTS, SettingRefused

_TWISTS: dict[str, dict[str, Any]] = {
    "amount": {"resource": {"amount": {"total": 1, "payer_total": 1}}},
    "byte": {"flip_byte": True},
}

blueprint = Blueprint("desk_actions", __name__, url_prefix="/desk/do")


@blueprint.before_request
def _same_page() -> None:
    """A form on another site must not push the buttons of this one."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)


@blueprint.post("/transfers/<transfer_no>")
def finish_transfer(transfer_no: str) -> Response:
    """Give a transfer its result."""
    try:
        done = core_bank.finish(current(), transfer_no, request.form["state"])
    except KeyError:
        abort(404)
    return _back("transfers", f"{transfer_no}: {done['state']}")


@blueprint.post("/notices/<notice_id>")
def resend_notice(notice_id: str) -> Response:
    """Send a notice again, once or many times at once, true or wrong in one way."""
    copies = max(1, min(100, request.form.get("copies", 1, type=int)))
    new_id, twist = request.form.get("new_id") == "yes", _TWISTS.get(request.form.get("twist", ""))
    try:
        notices.resend(current(), notice_id, copies=copies, new_id=new_id, twist=twist)
    except KeyError:
        abort(404)
    return _back("notices", f"× {copies}")


@blueprint.post("/orders/<out_trade_no>")
def pay_order(out_trade_no: str) -> Response:
    """The payer of an order (or the chosen person, if the order has none) pays it."""
    world = current()
    order = world.store.get(ORDERS, out_trade_no) or abort(404)
    openid = order["asked"].get("openid", "")
    persona = personas.by_openid(world.store, openid) or personas.get(world.store, request.form.get("persona", "good"))
    given = act(world, persona or abort(404), order, request.form.get("outcome", "ok"))
    return _back("pay", given.message, bad=given.refused)


@blueprint.post("/refunds/<out_refund_no>")
def finish_refund(out_refund_no: str) -> Response:
    """Give a refund its result."""
    try:
        refunds.finish(current(), out_refund_no, request.form["status"])
    except KeyError:
        abort(404)
    except ValueError as wrong:
        return _back("pay", str(wrong), bad=True)
    return _back("pay", f"{out_refund_no}: {request.form['status']}")


@blueprint.post("/people/<code>/codes")
def new_code(code: str) -> Response:
    """Show a fresh one-time code of this person."""
    world = current()
    persona = personas.get(world.store, code) or abort(404)
    wanted = request.form.get("app", "mini")
    if wanted == "phone":
        fresh = codes.issue(world, codes.PHONE, code, world.keys["wechat"]["mini"]["appid"])
    else:
        fresh = new_login_code(world, persona, "h5" if wanted == "h5" else "mini", {})
    return _to_person(code, fresh)


@blueprint.post("/people/<code>/phone")
def hold_phone(code: str) -> Response:
    """From now on WeChat in this browser is signed in as this person."""
    persona = personas.get(current().store, code) or abort(404)
    response = _to_person(code, f"WeChat = {persona['wechat']['nickname']}")
    response.set_cookie(PHONE_COOKIE, code, httponly=True, samesite="Lax")
    return response


@blueprint.post("/people/<code>/sources")
def toggle_source(code: str) -> Response:
    """Take a source down for a person, or bring it back."""
    try:
        personas.set_source_down(current().store, code, request.form["source"], request.form["down"] == "yes")
    except (KeyError, PersonaChangeRefused):
        abort(404)
    return _to_person(code, f"{request.form['source']}: {'down' if request.form['down'] == 'yes' else 'up'}")


@blueprint.post("/people/<code>/invoices/<number>")
def change_invoice(code: str, number: str) -> Response:
    """Give one invoice another amount (form in yuan)."""
    amount_fen = _fen(request.form.get("amount_yuan", ""))
    if amount_fen is None:
        return _to_person(code, "金额不对 / not an amount", bad=True)
    try:
        personas.change_invoice(current().store, code, number, amount_fen)
    except (KeyError, PersonaChangeRefused):
        abort(404)
    return _to_person(code, number)


@blueprint.post("/settings/pay")
def pay_settings() -> Response:
    """Turn switches of WeChat Pay."""
    changes = {name: _typed(name, value) for name, value in request.form.items() if name in DEFAULTS}
    try:
        notices.change_settings(current(), changes)
    except SettingRefused as refused:
        return _back("settings", str(refused), bad=True)
    return _back("settings", ", ".join(f"{name} = {value}" for name, value in changes.items()))


@blueprint.post("/settings/faults")
def plan_fault() -> Response:
    """Let the next calls of an API of WeChat Pay fail."""
    api, fault = request.form.get("api", ""), request.form.get("fault", "")
    try:
        faults.plan(current(), api, fault, request.form.get("times", 1, type=int))
    except FaultRefused as refused:
        return _back("settings", str(refused), bad=True)
    return _back("settings", f"{api}: {fault}")


@blueprint.post("/settings/webhooks")
def fail_webhooks() -> Response:
    """Let the shop answer 500 to the next deliveries."""
    count = max(0, min(1000, request.form.get("fail_next", 0, type=int)))
    current().store.put(*webhooks.SETTINGS, {"fail_next": count})
    return _back("webhooks", f"fail_next = {count}")


@blueprint.post("/reset")
def reset() -> Response:
    """Forget everything but the keys."""
    world: World = current()
    control.forget(world)
    return _back("settings", "已清空 / empty")


def _back(section: str, said: str, *, bad: bool = False) -> Response:
    query = {"said": said} | ({"bad": "1"} if bad else {})
    return redirect(f"{url_for('pages.section', name=section)}?{urlencode(query)}", 303)


def _to_person(code: str, said: str, *, bad: bool = False) -> Response:
    query = {"said": said} | ({"bad": "1"} if bad else {})
    return redirect(f"{url_for('pages.person', code=code)}?{urlencode(query)}", 303)


def _typed(name: str, value: str) -> str | float | int:
    usual = DEFAULTS[name]
    if isinstance(usual, str):
        return value
    try:
        return int(value) if isinstance(usual, int) else float(value)
    except ValueError:
        return value


def _fen(text: str) -> int | None:
    """Yuan with at most two decimals as fen; None if it is not such an amount."""
    try:
        fen = Decimal(text.replace(",", "")) * 100
    except InvalidOperation:
        return None
    return int(fen) if fen.is_finite() and fen >= 0 and fen == fen.to_integral_value() else None
