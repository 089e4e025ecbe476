"""Money: the book, WeChat Pay's notices, transfers through the core bank, and webhooks that tell partners."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.console.views import end_of_day
from app.kernel.pagination import Page, PageRequest
from app.ledger import queries as ledger
from app.loans import queries as loans
from app.payments import queries as payments
from app.webhooks import queries as webhooks

LATEST = 100


def book(session: Session) -> dict[str, Any]:
    """The business days, the trial balance and the newest journals."""
    accounts = ledger.trial_balance(session)
    return {
        "end_of_day": end_of_day.state(session),
        "days": loans.newest_days(session),
        "balances": accounts,
        "debit_fen": sum(found.debit_fen for found in accounts),
        "credit_fen": sum(found.credit_fen for found in accounts),
        "journals": ledger.latest_journals(session, 50),
        "accounts": {found.code: (found.name_zh, found.name_en) for found in accounts},
    }


def notices(session: Session, *, verdict: str | None = None) -> list[dict[str, Any]]:
    """The newest calls on the notice address; their bodies stay sealed, the hash tells them apart."""
    found = payments.latest_notices(session, LATEST)
    return [
        {
            "verdict": notice.verdict,
            "reason": notice.reason,
            "event_type": notice.event_type,
            "out_trade_no": notice.out_trade_no,
            "transaction_id": notice.transaction_id,
            "body_sha256": notice.body_sha256,
            "received_at": notice.received_at,
        }
        for notice in found
        if verdict in (None, notice.verdict)
    ]


def transfers(session: Session, *, status: str | None = None) -> list[dict[str, Any]]:
    """The newest transfers; of the payee's account only the tail."""
    found = payments.latest_transfers(session, LATEST)
    return [
        {
            "transfer_no": transfer.transfer_no,
            "amount_fen": transfer.amount_fen,
            "payee_tail": transfer.payee_account_no[-4:],
            "status": transfer.status,
            "bank_serial": transfer.bank_serial,
            "fail_code": transfer.fail_code,
            "fail_text": transfer.fail_text,
            "requested_at": transfer.requested_at,
            "completed_at": transfer.completed_at,
        }
        for transfer in found
        if status in (None, transfer.status)
    ]


def deliveries(session: Session, request: PageRequest) -> Page[webhooks.AttemptView]:
    """The tries to tell partners, newest first."""
    return webhooks.attempts(session, request=request)
