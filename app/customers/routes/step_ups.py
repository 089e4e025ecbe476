"""The second factor before a step that binds: a code to the person's own phone, for this step on this thing."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.customers import schemas, usecases
from app.customers.routes.account import account
from app.customers.routes.answers import hand_over, visit
from app.customers.usecases import CodeToSend
from app.kernel import crypto
from app.kernel.web import principal
from app.kernel.web.idempotent import open_call_settle


@account.post("/step-ups/codes")
@account.arguments(schemas.StepUpCodeIn)
@account.response(202, schemas.PhoneCodeOut)
def create_step_up_code(body: dict[str, Any]) -> Response:
    """Send a code for one step on one thing. 429 `phone_code.too_many` with Retry-After."""
    asking = principal.customer()

    def settle(session: Any, code: CodeToSend, _: None) -> CodeToSend:
        usecases.settle_sent(session, code_id=code.code_id)
        return code

    return open_call_settle(
        open_=lambda session, code_id: usecases.open_step_up_code(
            session,
            code_id=code_id,
            customer_id=asking.customer_id,
            session_id=asking.session_id,
            visit=visit(),
            **body,
        ),
        call=hand_over,
        settle=settle,
        schema=schemas.PhoneCodeOut,
        status=202,
        body=body,
    )


@account.post("/step-ups")
@account.arguments(schemas.StepUpIn)
@account.response(201, schemas.StepUpOut)
def create_step_up(body: dict[str, Any]) -> Response:
    """Show the second factor: the session may then take that step once, within five minutes.

    422 `phone_code.wrong`, `phone_code.expired`, `phone_code.tries_used_up`; 429 `phone_code.too_many_tries`.
    """
    session_id = principal.customer().session_id
    return open_call_settle(
        open_=lambda session, _: usecases.count_step_up_try(session, code_id=body["code_id"], session_id=session_id),
        call=lambda _: None,  # between the two transactions only a commit: the try is counted whatever comes after
        settle=lambda session, _, __: usecases.grant_step_up(session, code_id=body["code_id"], code=body["code"]),
        schema=schemas.StepUpOut,
        status=201,
        body=[str(body["code_id"]), crypto.token_hash(body["code"])],
    )
