"""My day: one card that says what to do now, the figures behind it, and the newest applications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.console.domain import may
from app.console.views import applications, money
from app.credit import queries as credit
from app.kernel import clock
from app.kernel.pagination import PageRequest
from app.ledger import queries as ledger
from app.loans import queries as loans
from app.loans.queries.repricing import waiting_for_rates

RECENT = timedelta(days=7)
OPEN = ("submitted", "deciding", "waiting_data")


@dataclass(frozen=True)
class Task:
    """The one thing to do now: `kind` chooses the words, the rest fills them."""

    kind: str  # suspense, rate, transfer, second_look, review, quiet
    facts: dict[str, Any]


def my_day(session: Session, *, roles: frozenset[str]) -> dict[str, Any]:
    """What this member of staff should see first."""
    counts = credit.status_counts(session)
    balances = {found.code: found for found in ledger.trial_balance(session)}
    newest = PageRequest(limit=8, cursor=None, binding="console.my_day")
    queue = applications.rows(session, newest).items if may(roles, "applications") else []
    return {
        "task": _task(session, roles, balances["suspense"].credit_fen - balances["suspense"].debit_fen, queue),
        "open_applications": sum(counts.get(status, 0) for status in OPEN),
        "waiting_for_data": counts.get("waiting_data", 0),
        "active_loans": loans.status_counts(session).get("active", 0),
        "outstanding_fen": balances["loan_principal"].balance_fen,
        "in_transit_fen": balances["transfers_in_transit"].balance_fen,
        "refused_notices": _refused(session) if may(roles, "notices") else None,
        "queue": queue,
    }


def _task(session: Session, roles: frozenset[str], suspense_fen: int, queue: Any) -> Task:
    """Money that could not be matched first, then what did not arrive, refusals that wait for a person, the newest."""
    if suspense_fen > 0 and may(roles, "notices"):
        return Task("suspense", {"amount_fen": suspense_fen})
    missing = waiting_for_rates(session, clock.today()) if may(roles, "rates") else []
    if missing:
        return Task("rate", {"count": sum(one.loans for one in missing), "on": missing[0].published_on})
    failed = _failed_transfers(session) if may(roles, "transfers") else []
    if failed:
        return Task("transfer", {"count": len(failed), "amount_fen": sum(one["amount_fen"] for one in failed)})
    asked = credit.review_queue(session) if may(roles, "settle_reviews") else []
    if asked:
        return Task("second_look", {"count": len(asked), "due_on": asked[0].due_on})
    declined = next((row for row in queue if row["status"] == "declined"), None)
    if declined:
        return Task("review", declined)
    return Task("quiet", {})


def _failed_transfers(session: Session) -> list[dict[str, Any]]:
    since = clock.now() - RECENT
    found = [*money.transfers(session, status="failed"), *money.transfers(session, status="held")]
    return [transfer for transfer in found if transfer["requested_at"] > since]


def _refused(session: Session) -> int:
    since = clock.now() - timedelta(days=1)
    return sum(1 for notice in money.notices(session, verdict="refused") if notice["received_at"] > since)
