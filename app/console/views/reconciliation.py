"""Reconciliation, suspense and held transfers as the pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.adapters.wechat_pay import CARD_BANKS
from app.console import queries as staff
from app.kernel import clock
from app.ledger import queries as ledger
from app.loans.queries import credits as loan_credits
from app.loans.usecases.repayments import PURPOSE as REPAYMENT
from app.payments import queries as payments
from app.reconciliation import queries
from app.reconciliation.domain import kinds

SHOWN_DAYS = 31
AGES = (1, 7, 30)  # days


def overview(session: Session, day: date) -> dict[str, Any]:
    """The picture of one day and the list of days."""
    today = clock.today()
    rows = queries.days(session, since=today - timedelta(days=SHOWN_DAYS), until=today)
    by_day: dict[date, list[queries.DayView]] = {}
    for row in rows:
        by_day.setdefault(row.day, []).append(row)
    waiting = queries.proposals(session, status="proposed")
    shown = {"picture": picture(session, day), "days": by_day}
    return {**shown, "waiting": waiting, "staff_names": names(session, waiting)}


def picture(session: Session, day: date) -> dict[str, Any]:
    """Money in, money out, in transit, unexplained: bars in thousandths of the longest, and the figures behind them."""
    moved = payments.moved_on(session, day)
    balances = {row.code: row.balance_fen for row in ledger.trial_balance(session)}
    unexplained = [row.open_fen for row in queries.days(session, since=day, until=day)]
    figures = [
        ("in", moved.paid_fen),
        ("out", moved.refunded_fen + moved.transferred_fen),
        ("transit", abs(balances["transfers_in_transit"]) + abs(balances["refunds_in_transit"])),
        ("unexplained", sum(unexplained) + abs(balances["suspense"])),
    ]
    longest = max(1, *(amount for _, amount in figures))
    return {
        "day": day,
        "bars": [{"name": name, "fen": fen, "width": fen * 1000 // longest} for name, fen in figures],
        "moved": moved,
        "channels": queries.days(session, since=day, until=day),
        "suspense_fen": abs(balances["suspense"]),
        "open_fen": sum(unexplained),
    }


def one_day(session: Session, day: date, *, kind: str | None, status: str | None) -> dict[str, Any]:
    """A day's differences with what is proposed about each, and every issue of its bills."""
    rows = queries.differences(session, day=day, kind=kind, status=status)
    return {
        "picture": picture(session, day),
        "rows": rows,
        "kinds": queries.kinds_of_day(session, day),
        "imports": queries.imports_of_day(session, day),
        "proposals": queries.proposals_about(session, "difference", [str(row.id) for row in rows]),
    }


def difference(session: Session, difference_id: UUID) -> dict[str, Any]:
    """One difference down to the raw notices. Raises DifferenceUnknown."""
    row = queries.difference(session, difference_id)
    if row is None:
        raise kinds.DifferenceUnknown("There is no such difference.")
    numbers = [number for number in (row.their_no, row.our_no, row.related_no) if number and number != "0"]
    made = queries.proposals_about(session, "difference", [str(row.id)]).get(str(row.id), [])
    payment = next((found for number in numbers if (found := payments.payment_view(session, number))), None)
    return {
        "row": row,
        "line": queries.bill_line(session, row),
        "payment": payment,
        "order": payments.order_by_number(session, row.our_no) if row.our_no else None,
        "refund": payments.refund_by_number(session, row.our_no) if row.our_no else None,
        "transfer": payments.transfer_by_number(session, row.our_no) if row.our_no else None,
        "notices": payments.notices_about(session, numbers),
        "answers": kinds.ANSWERS.get(row.kind, ()),
        "made": made,
        "staff_names": names(session, made),
    }


def suspense(session: Session) -> dict[str, Any]:
    """Money that nobody could match, by age, and what customers overpaid."""
    rows = payments.suspense(session)
    credit = [
        (owed, paid)
        for owed in loan_credits.overpaid(session)
        if (paid := payments.paid_by(session, purpose=REPAYMENT, reference_id=owed.repayment_id))
    ]
    keys = [row.transaction_id for row in rows] + [paid.transaction_id for _, paid in credit]
    made = queries.proposals_about(session, "payment", keys)
    abnormal = payments.abnormal_refunds(session)
    ways = queries.proposals_about(session, "refund", [str(row.id) for row in abnormal])
    flat = [one for many in (*made.values(), *ways.values()) for one in many]
    return {
        "rows": [{"payment": row, "age_days": _age(row)} for row in rows],
        "ages": _ages(rows),
        "credit": [{"owed": owed, "payment": paid} for owed, paid in credit],
        "refunds": payments.latest_refunds(session, 50),
        "abnormal": [{"refund": row, "made": ways.get(str(row.id), [])} for row in abnormal],
        "other_ways": payments.other_ways(session, [row.id for row in abnormal]),
        "card_banks": CARD_BANKS,
        "proposals": made,
        "staff_names": names(session, flat),
    }


def held(session: Session) -> dict[str, Any]:
    """Transfers that wait for a person; of the payee's account only the tail."""
    rows = payments.held_transfers(session)
    made = queries.proposals_about(session, "transfer", [str(row.id) for row in rows])
    flat = [one for many in made.values() for one in many]
    return {"rows": rows, "proposals": made, "staff_names": names(session, flat)}


def names(session: Session, made: Sequence[Any]) -> dict[UUID, str]:
    """Who proposed and decided, as `0007 沈测`."""
    who = {one.proposed_by for one in made} | {one.decided_by for one in made if one.decided_by}
    found = {one: staff.staff_member(session, one) for one in who}
    return {key: f"{one.number} {one.name}" for key, one in found.items()}


def _age(row: payments.PaymentView) -> int:
    return (clock.today() - clock.local_day(row.paid_at)).days


def _ages(rows: Sequence[payments.PaymentView]) -> list[dict[str, int]]:
    """How much is how old: up to a day, a week, a month, and older (`until` 0)."""
    found = []
    since = -1
    for until in (*AGES, 0):
        part = [row for row in rows if _age(row) > since and (not until or _age(row) <= until)]
        found.append({"until": until, "count": len(part), "fen": sum(row.left_fen for row in part)})
        since = until or since
    return found
