"""Posting to the book: one call, one template, one key; and the closing of its days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, func, select, text
from sqlalchemy.orm import Session

from app.kernel import clock, ids
from app.ledger import domain
from app.ledger.models import BusinessDay

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
    entries = domain.TEMPLATES[template].entries(amounts_fen)
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


def hold_days(session: Session) -> tuple[date | None, bool]:
    """Let no day begin to be closed until this transaction ends; answers the last closed day, and whether one is just
    being closed."""
    session.execute(text("SELECT pg_advisory_xact_lock_shared(hashtextextended('business_day', 0))"))
    last = session.scalar(select(func.max(BusinessDay.day)).where(BusinessDay.state == "closed"))
    return last, bool(session.scalar(select(BusinessDay.day).where(BusinessDay.state == "closing")))


def begin_closing(session: Session, *, day: date) -> None:
    """Close a day to postings: who is posting on it ends first, whoever comes later posts on the next one.

    Taking up a day whose closing was broken off is the same. Raises DayNotOver before its cut-off, DayClosed, and
    DayMissing when an earlier day was left out.
    """
    cut_off_at = domain.cut_off_at(day)
    if clock.now() < cut_off_at:
        raise domain.DayNotOver("The day is not over yet.", day=str(day))
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('business_day', 0))"))
    newest = session.scalars(
        select(BusinessDay).where(BusinessDay.state != "open").order_by(BusinessDay.day.desc()).limit(1)
    ).one_or_none()
    first_open = day if newest is None else newest.day + timedelta(days=newest.state == "closed")
    if day > first_open:
        raise domain.DayMissing("An earlier day is still open.", day=str(first_open))
    if day < first_open:
        raise domain.DayClosed("The day is closed.", day=str(day))
    row = session.get(BusinessDay, day, with_for_update=True, populate_existing=True)
    if row is None:
        row = BusinessDay(day=day, cut_off_at=cut_off_at)
        session.add(row)
    if row.state != "closing":
        row.state, row.closing_at = "closing", clock.now()
    session.flush()


def close_day(session: Session, *, day: date, digest: str) -> None:
    """Close a day for good. `digest` is of what its end of day left behind."""
    row = session.get_one(BusinessDay, day, with_for_update=True, populate_existing=True)
    if row.state == "closing":
        row.state, row.closed_at, row.digest = "closed", clock.now(), digest


def keep_calendar(session: Session, *, days: Mapping[date, bool], source: str) -> None:
    """Write down which days are working days; what is known already stays as it was first said."""
    session.execute(
        text(
            "INSERT INTO calendar_days (day, working, source) SELECT day, working, :source"
            " FROM unnest(CAST(:days AS date[]), CAST(:working AS boolean[])) AS told (day, working)"
            " ON CONFLICT (day) DO NOTHING"
        ),
        {"days": list(days), "working": list(days.values()), "source": source},
    )
