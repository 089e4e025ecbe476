"""Posting to the book: one call, one template, one key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, text
from sqlalchemy.orm import Session

from app.kernel import clock, ids
from app.ledger.domain import TEMPLATES

_POST = text(
    "SELECT post_journal(:id, :key, :template, :subject_id, :product_code, :partner_id, :business_on, :booked_at,"
    " :accounts, :amounts, :closing)"
).bindparams(bindparam("accounts", type_=ARRAY(Text)), bindparam("amounts", type_=ARRAY(BigInteger)))


def post(
    session: Session,
    *,
    key: str,
    template: str,
    amounts_fen: Mapping[str, int],
    subject_id: UUID,
    business_on: date,
    product_code: str | None = None,
    partner_id: UUID | None = None,
    closing: bool = False,
) -> bool:
    """Post one journal in the caller's transaction; false when `key` was posted before with the same lines.

    `business_on` is the day the event belongs to. When that day is being closed or is closed, the journal stands on
    the first open day, and keeps the day it belongs to beside it. `closing`: the journal that closes a day stands on
    it, and only while it is being closed. Amounts are whole fen ≥ 0 by the template's symbols. Raises AmountsWrong; a
    database error (SQLSTATE DK003) when the key was posted with other lines.
    """
    entries = TEMPLATES[template].entries(amounts_fen)
    return bool(
        session.execute(
            _POST,
            {
                "id": ids.new_id(),
                "key": key,
                "template": template,
                "subject_id": subject_id,
                "product_code": product_code,
                "partner_id": partner_id,
                "business_on": business_on,
                "booked_at": clock.now(),
                "accounts": [account.value for account, _ in entries],
                "amounts": [amount for _, amount in entries],
                "closing": closing,
            },
        ).scalar_one()
    )
