"""Changing the phone: begin, a code from the old phone or who the person is (a second factor), a code from the new."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from app.adapters import channels
from app.adapters.bureau import IdentityCheck as Outcome
from app.customers import schemas, usecases
from app.customers.routes.account import account
from app.customers.routes.answers import hand_over, visit
from app.customers.usecases import CodeToSend, PhoneChanged, PhoneProof
from app.kernel import crypto
from app.kernel.web import principal
from app.kernel.web.idempotent import once, open_call_settle


@account.post("/me/phone-changes")
@account.arguments(schemas.PhoneChangeIn)
@account.response(201, schemas.PhoneChangeOut)
def create_phone_change(body: dict[str, Any]) -> Response:
    """Begin to change the phone. Next: a second factor with the purpose `change_phone` and this id as subject; or,
    when the old phone is lost, the identity.

    422 `phone_change.same_phone`; 403 `customer.cooling_off`; 429 `phone_change.too_many`.
    """
    asking = principal.customer()
    return once(
        lambda session, change_id: usecases.open_phone_change(
            session,
            change_id=change_id,
            customer_id=asking.customer_id,
            session_id=asking.session_id,
            new_phone=body["new_phone"],
        ),
        schema=schemas.PhoneChangeOut,
        status=201,
        body=body,
    )


@account.post("/me/phone-changes/<uuid:change_id>/codes")
@account.response(202, schemas.PhoneCodeOut)
def create_new_phone_code(change_id: UUID) -> Response:
    """Send a code to the new phone, after the old one has shown its own, or the person who they are.

    403 `auth.step_up_needed`; 404 `phone_change.not_found`; 409 `phone_change.over`; 429 `phone_code.too_many`.
    """
    asking = principal.customer()

    def settle(session: Session, code: CodeToSend, _: None) -> CodeToSend:
        usecases.settle_sent(session, code_id=code.code_id)
        return code

    return open_call_settle(
        open_=lambda session, code_id: usecases.open_new_phone_code(
            session,
            change_id=change_id,
            code_id=code_id,
            customer_id=asking.customer_id,
            session_id=asking.session_id,
            visit=visit(),
        ),
        call=hand_over,
        settle=settle,
        schema=schemas.PhoneCodeOut,
        status=202,
    )


@account.post("/me/phone-changes/<uuid:change_id>/identity")
@account.arguments(schemas.IdentityIn)
@account.response(200, schemas.PhoneChangeOut)
def show_identity(body: dict[str, Any], change_id: UUID) -> Response:
    """The old phone is lost: name and ID number as confirmed before, and the register knows the new number as theirs.

    403 `consent.missing` (`identity_check`); 422 `identity.mismatch` (whatever it was that did not fit),
    `identity.id_no_malformed`, `identity.name_malformed`;
    404 `phone_change.not_found`; 409 `phone_change.over`, `phone_change.identity_needed`; 429
    `identity.too_many_checks`; 503 `source.down`: nothing is lost, repeat with the same Idempotency-Key.
    """
    asking = principal.customer()
    whose = {"change_id": change_id, "customer_id": asking.customer_id, "session_id": asking.session_id}

    def ask(proof: PhoneProof) -> Outcome:
        asked = proof.question
        if not proof.own:
            return "mismatch"  # nobody outside hears of somebody else's number
        return channels().bureau.check_identity(
            query_no=asked.query_no, name=asked.name, id_no=asked.id_no, phone=asked.phone
        )

    return open_call_settle(
        open_=lambda session, check_id: usecases.open_phone_proof(
            session, check_id=check_id, name=body["name"], id_no=body["id_no"], **whose
        ),
        call=ask,
        settle=lambda session, _, outcome: usecases.settle_phone_proof(session, outcome=outcome, **whose),
        schema=schemas.PhoneChangeOut,
        status=200,
        # the key's fingerprint is stored: a keyed hash, so that it does not give the number away
        body=crypto.blind_index(f"{body['name']}\x00{body['id_no']}", "customers.identity_request"),
    )


@account.post("/me/phone-changes/<uuid:change_id>/confirmation")
@account.arguments(schemas.StepUpIn)
@account.response(200, schemas.PhoneChangedOut)
def confirm_phone_change(body: dict[str, Any], change_id: UUID) -> Response:
    """Show the code that the new phone got: it is the sign-in phone from now on, other devices are signed out.

    This session goes on under the new `token`; the old one is over.
    Until `cool_off_until` nothing can be signed, drawn or changed that takes a second factor; both phones are told.
    422 `phone_code.wrong`, `phone_code.expired`, `phone_code.tries_used_up`; 429 `phone_code.too_many_tries`; 404
    `phone_change.not_found`; 409 `phone_change.over`, `phone_change.phone_taken`.
    """
    asking = principal.customer()
    whose = {"change_id": change_id, "customer_id": asking.customer_id, "session_id": asking.session_id}
    return open_call_settle(
        open_=lambda session, _: usecases.count_new_phone_try(session, code_id=body["code_id"], **whose),
        call=lambda _: None,  # between the two transactions only a commit: the try is counted whatever comes after
        settle=lambda session, _, __: _changed(
            usecases.finish_phone_change(session, code_id=body["code_id"], code=body["code"], **whose)
        ),
        schema=schemas.PhoneChangedOut,
        status=200,
        body=[str(body["code_id"]), crypto.token_hash(body["code"])],
    )


def _changed(done: PhoneChanged) -> dict[str, Any]:
    return {**vars(done.change), "token": done.opened.token, "session_expires_at": done.opened.expires_at}
