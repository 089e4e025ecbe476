"""Loans whose rate follows the LPR, on their repricing day: by the core of every change of a rate, without a person.

A loan that has reached its day is changed as it stands. Where something that counts for that day or a later one is done
already (days were not closed, the LPR came late), the loan is lived through anew with the repricing in its place: the
same rows and figures as if it had been in time, and a journal for what differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit import queries as credit
from app.credit.domain.parameters import ALL_IN_CAP
from app.kernel import clock, crash_points, ids
from app.ledger import usecases as ledger
from app.loans import domain, queries
from app.loans.domain import repricing as rules
from app.loans.domain.changed_terms import PaidAhead
from app.loans.domain.reversals import CreditGone, HistoryNotRebuildable
from app.loans.models import Loan, LoanChange
from app.loans.queries.history import history
from app.loans.queries.repricing import benchmark_before
from app.loans.usecases import applying_changes, changing, correcting

log = structlog.get_logger(__name__)
CHUNK = 200  # loans in one transaction; a payment waits for at most so many


@dataclass(frozen=True)
class Chunk:
    """Where the next one begins, how many were repriced, and which wait for a rate or for a person."""

    last_id: UUID
    repriced: int
    waiting: Sequence[UUID]


def reprice_chunk(session: Session, *, opens_on: date, after: UUID | None, size: int = CHUNK) -> Chunk | None:
    """Reprice the next loans whose day has come by `opens_on`; None when there are no more, or a day is being closed.

    Every loan once a day of its own: the next one is set in the same transaction. A loan whose rate was not published,
    or whose history cannot be lived through anew, keeps its day and waits.
    """
    _, closing = ledger.hold_days(session)
    query = select(Loan).where(Loan.reprices_on <= opens_on, Loan.status.in_(domain.OPEN_LOAN)).order_by(Loan.id)
    query = query.limit(size).with_for_update(key_share=True).execution_options(populate_existing=True)
    found = [] if closing else session.scalars(query if after is None else query.where(Loan.id > after)).all()
    if not found:
        return None
    repriced, waiting = 0, []
    for loan in found:
        while loan.reprices_on is not None and loan.reprices_on <= opens_on and loan.status in domain.OPEN_LOAN:
            done = _reprice(session, loan)
            if done is None:
                waiting.append(loan.id)
                break
            repriced += done
    crash_points.reach("repricing.chunk")
    return Chunk(found[-1].id, repriced, waiting)


def _reprice(session: Session, loan: Loan) -> bool | None:
    """The loan on its day; whether its rate changed, None where it waits."""
    assert loan.repricing is not None and loan.reprices_on is not None, "it floats"
    on = loan.reprices_on
    day = date.fromisoformat(loan.repricing["put_off_from"]) if "put_off_from" in loan.repricing else on
    found = benchmark_before(session, loan.repricing["benchmark"], day)
    if found is None:
        return None
    cap = credit.parameters(session, on=on)[ALL_IN_CAP]
    fees_rate = loan.all_in_annual_rate - loan.annual_rate
    terms = rules.terms_of(loan.repricing, found, day=day, cap=cap, fees_rate=fees_rate)
    rows = queries.instalments(session, loan.id)
    same = Decimal(terms["annual_rate"]) == loan.annual_rate
    if not same and any(row.status in ("due", "paid") and row.due_on > on for row in rows):
        try:
            _change(session, loan, on, terms)
        except (PaidAhead, HistoryNotRebuildable) as error:
            return _put_off(loan, day, error.context.get("until"))
        except CreditGone:
            return None
    known = {name: value for name, value in loan.repricing.items() if name != "put_off_from"}
    loan.repricing, loan.reprices_on = known, rules.next_after(known, loan.start_on, on)
    return not same


def _put_off(loan: Loan, day: date, until: str | None) -> bool | None:
    """Instalments paid ahead keep the terms under which they were paid: the rate of the day takes effect after them."""
    if until is None:
        log.error("a loan is not repriced", loan=str(loan.id))
        return None
    assert loan.repricing is not None, "it floats"
    loan.repricing, loan.reprices_on = {**loan.repricing, "put_off_from": day.isoformat()}, date.fromisoformat(until)
    return False


def _change(session: Session, loan: Loan, on: date, terms: dict[str, Any]) -> None:
    """All of it or nothing: what cannot be done leaves the loan as it was."""
    asked = changing.Change(
        ids.named("repricing", f"{loan.id}:{on}"), loan.id, "repricing", on, terms, rules.REASON, rules.SYSTEM,
        rules.SYSTEM,
    )  # fmt: skip
    with session.begin_nested():
        change = changing.keep(asked, changing.pictured(session, loan))
        later = [event for event in history(session, loan) if event.on >= on]
        if later or loan.accrued_through_on != on - timedelta(days=1):
            change.journal_keys, change.after = _tried(session, loan, asked, change.before)
            session.add(change)
            session.flush()
            _post(session, loan, change, _live_anew(session, loan))
        else:
            known_class = loan.asset_class
            applying_changes.apply(session, loan, change_id=change.id, kind="repricing", on=on, terms=terms)
            correcting.keep_class(session, loan, known_class)
            session.flush()
            change.after = changing.pictured(session, loan)
            session.add(change)
            session.flush()
        changing.tell(session, loan, change)


class _Seen(Exception):
    """Enough was seen: what was tried is undone."""

    def __init__(self, keys: list[str], after: dict[str, Any]) -> None:
        super().__init__()
        self.keys, self.after = keys, after


def _tried(
    session: Session, loan: Loan, asked: changing.Change, before: dict[str, Any]
) -> tuple[list[str], dict[str, Any]]:
    """What the loan will look like and whether the book gets a journal, found out by doing it and undoing it: a change
    is kept whole and never touched again."""
    try:
        with session.begin_nested():
            correcting.check_rebuildable(session, loan)
            session.add(changing.keep(asked, before))
            session.flush()
            keys = [f"loan_repriced:{asked.change_id}"] if any(_live_anew(session, loan).values()) else []
            raise _Seen(keys, changing.pictured(session, loan))
    except _Seen as seen:
        return seen.keys, seen.after


def _live_anew(session: Session, loan: Loan) -> dict[str, int]:
    """The loan as it would be, had the rate been set on its day; answers what differs in the book."""
    before = correcting.standing(session, loan)
    done = correcting.correct(session, loan, history(session, loan), target=None, before=before)
    return {**done.moves, **done.redivided}


def _post(session: Session, loan: Loan, change: LoanChange, amounts_fen: dict[str, int]) -> None:
    for key in change.journal_keys:
        ledger.post(
            session, key=key, template="loan_repriced", amounts_fen=amounts_fen, subject_id=loan.id,
            business_on=clock.today(), product_code=loan.product_code, partner_id=loan.partner_id,
        )  # fmt: skip
