"""Signing in. Nobody is known yet; one-time codes make a repeat harmless, so no Idempotency-Key here."""

from __future__ import annotations

from typing import Any

from app.adapters import channels
from app.customers import schemas, usecases
from app.customers.domain.sessions import SecondFactorNeeded
from app.customers.models import CustomerSession
from app.customers.routes.answers import frame_visit, send_sign_in_code, signed_in, visit
from app.kernel.db import transaction
from app.kernel.web import principal
from app.kernel.web.routing import Routes

sign_in = Routes("sign_in", __name__, description="Signing in")
frame_sign_in = Routes("frame_sign_in", __name__, description="Signing in on a partner's page")


@sign_in.post("/sign-in/phone-codes")
@sign_in.arguments(schemas.PhoneCodeIn)
@sign_in.response(202, schemas.PhoneCodeOut)
def create_phone_code(body: dict[str, Any]) -> Any:
    """Send a six-digit code to a phone: good for five minutes, five tries and one use.

    429 `phone_code.too_many` with Retry-After when the number, the address or the device has asked too often.
    """
    return send_sign_in_code(body["phone"], visit())


@frame_sign_in.post("/phone-codes")
@frame_sign_in.arguments(schemas.PhoneCodeIn)
@frame_sign_in.response(202, schemas.PhoneCodeOut)
def create_phone_code_in_frame(body: dict[str, Any]) -> Any:
    """The same from a partner's page: counted for the partner and for the frame's key as well. Read the code with
    `POST /customer/v1/sign-in/phone`. No Idempotency-Key: one number gets a code a minute.

    429 `phone_code.too_many` with Retry-After, also when the partner's pages have asked too often.
    """
    return send_sign_in_code(body["phone"], frame_visit())


@sign_in.post("/sign-in/phone")
@sign_in.arguments(schemas.PhoneSignInIn)
@sign_in.response(201, schemas.SignedInOut)
def create_phone_session(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in with a code. With the token of a session that waits for its phone, that WeChat account is bound.

    422 `phone_code.wrong` (with tries_left), `phone_code.expired`, `phone_code.tries_used_up`; 429
    `phone_code.too_many_tries`; 409 `sign_in.wechat_bound_elsewhere`.
    """
    token = principal.bearer_token()
    with transaction() as session:  # the try is counted whatever comes after
        waiting = usecases.waiting_session(session, token=token) if token else None
        usecases.count_try(
            session,
            code_id=body["code_id"],
            purpose=usecases.SIGN_IN,
            session_id=waiting.id if waiting else None,
            phone=body["phone"],
        )
    with transaction() as session:
        waiting = usecases.waiting_session(session, token=token) if token else None
        result = usecases.sign_in_by_phone(
            session, code_id=body["code_id"], code=body["code"], waiting=waiting, device=visit().device
        )
        return signed_in(session, result)


@sign_in.post("/sign-in/mini-program")
@sign_in.arguments(schemas.MiniProgramIn)
@sign_in.response(201, schemas.SignedInOut)
def create_mini_program_session(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in with what `wx.login` gave; `phone_needed` when this WeChat account is new here.

    422 `wechat.code_refused`: call wx.login again.
    """
    identity = channels().wechat_login.mini_identity(body["login_code"])
    with transaction() as session:
        result = usecases.sign_in_by_wechat(session, identity=identity, device=visit().device)
        return signed_in(session, result)


@sign_in.post("/sign-in/mini-program/phone")
@sign_in.arguments(schemas.MiniProgramPhoneIn)
@sign_in.response(201, schemas.SignedInOut)
def bind_mini_program_phone(body: dict[str, Any]) -> dict[str, Any]:
    """Finish signing in with the phone from WeChat's button; takes the token of the session that waits for it.

    409 `sign_in.second_factor_needed`: the phone belongs to a customer already. A code is on its way to it
    (`code_id`, `expires_at`, `resend_after_s` in the context): POST it to /sign-in/phone with the same token and
    without `phone`.
    """
    token = principal.bearer_token() or ""
    _waiting(token)  # before WeChat's code is used up
    phone = channels().wechat_login.mini_phone(body["phone_code"])
    with transaction() as session:
        waiting = usecases.waiting_session(session, token=token)
        result = usecases.sign_in_by_wechat_phone(session, phone=phone, waiting=waiting, device=visit().device)
        if result is not None:
            return signed_in(session, result)
    code = send_sign_in_code(phone, visit(), session_id=waiting.id)
    raise SecondFactorNeeded(
        "A code was sent to this phone.",
        code_id=str(code.code_id),
        expires_at=code.expires_at.isoformat(),
        resend_after_s=code.resend_after_s,
    )


def _waiting(token: str) -> CustomerSession:
    with transaction() as session:
        return usecases.waiting_session(session, token=token)
