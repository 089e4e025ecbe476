"""The customer's mandates: name an account, agree with a second factor, look, revoke."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, g
from sqlalchemy.orm import Session

from app.adapters import channels
from app.adapters.core_bank import AccountCheck
from app.debits import domain, queries, schemas, usecases
from app.debits.usecases import AccountQuestion
from app.kernel.db import transaction
from app.kernel.web.idempotent import once, open_call_settle
from app.kernel.web.principal import customer
from app.kernel.web.routing import Routes

debits = Routes("debits", __name__, description="Bank accounts that the signed-in customer repays from")


@debits.route("/debit-mandates", methods=["GET"])
@debits.response(200, schemas.DebitMandatesOut)
def list_debit_mandates() -> dict[str, Any]:
    """Your mandates, newest first."""
    with transaction() as session:
        return {"items": queries.mandates(session, customer().customer_id)}


@debits.route("/debit-mandates", methods=["POST"])
@debits.arguments(schemas.DebitMandateIn)
@debits.response(201, schemas.DebitMandateOut)
def create_debit_mandate(body: dict[str, Any]) -> Response:
    """Name an account of your own; the core bank checks it. Next: a second factor with the purpose `direct_debit` and
    this id as subject, then the confirmation. The text is the consent text `direct_debit`.

    422 `debit_mandate.account_unfit` (`result`: mismatch, unknown, closed); 409 `consent.text_changed`,
    `debit_mandate.not_identified`; 403 `customer.cooling_off`; 429 `debit_mandate.too_many_checks`.
    """
    who = customer().customer_id

    def settle(session: Session, asked: AccountQuestion, found: AccountCheck) -> Any:
        return queries.mandate_view(usecases.settle_check(session, mandate_id=asked.mandate_id, found=found))

    def call(asked: AccountQuestion) -> AccountCheck:
        found = channels().core_bank.check_account(asked.account)
        if found != "match":  # kept in a transaction of its own: the refusal rolls the answer's back
            with transaction() as session:
                usecases.settle_check(session, mandate_id=asked.mandate_id, found=found)
            raise domain.AccountUnfit("Your bank does not know this account as an open one of yours.", result=found)
        return found

    return open_call_settle(
        open_=lambda session, mandate_id: usecases.open_mandate(
            session, mandate_id=mandate_id, customer_id=who, **body
        ),
        call=call,
        settle=settle,
        schema=schemas.DebitMandateOut,
        status=201,
        body=body,
    )


@debits.route("/debit-mandates/<uuid:mandate_id>/confirmation", methods=["POST"])
@debits.response(200, schemas.DebitMandateOut)
def confirm_debit_mandate(mandate_id: UUID) -> Response:
    """Agree: the account may be debited from `usable_from` on, and takes the place of the one before.

    403 `auth.step_up_needed`, `customer.cooling_off`; 404 `debit_mandate.not_found`; 409 `debit_mandate.over`,
    `consent.text_changed`.
    """
    asking = customer()
    facts = {"request_id": g.request_id, "session_id": str(asking.session_id), "channel": asking.channel}
    return once(
        lambda session, _: queries.mandate_view(
            usecases.confirm_mandate(
                session,
                mandate_id=mandate_id,
                customer_id=asking.customer_id,
                session_id=asking.session_id,
                facts=facts,
            )
        ),
        schema=schemas.DebitMandateOut,
        status=200,
    )


@debits.route("/debit-mandates/<uuid:mandate_id>", methods=["DELETE"])
@debits.response(200, schemas.DebitMandateOut)
def revoke_debit_mandate(mandate_id: UUID) -> Response:
    """End a mandate from now on, without a second factor. 404 `debit_mandate.not_found`."""
    who = customer().customer_id
    return once(
        lambda session, _: queries.mandate_view(
            usecases.revoke_mandate(session, customer_id=who, mandate_id=mandate_id)
        ),
        schema=schemas.DebitMandateOut,
        status=200,
    )
