"""The usual notice, a payment that fits its order or a copy of one, in two statements: look and lock, then book.

Whatever does not fit is left to `orders.confirm`, which has the same rules (`domain.judge`) for every way of hearing of
a payment; a test holds both to the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, bindparam, text
from sqlalchemy.orm import Session

from app.adapters.wechat_pay import Transaction
from app.kernel import clock, jobs, outbox, states
from app.payments import domain
from app.payments.events import PaymentSucceeded
from app.payments.models import PaymentNotice, PaymentOrder

_KEEP = (
    "INSERT INTO payment_notices (id, notice_id, event_type, verdict, reason, out_trade_no, transaction_id,"
    " body_sha256, body, received_at) SELECT :id, :notice_id, :event_type, {verdict}, {reason}, :out_trade_no,"
    " :transaction_id, :body_sha256, :body, :received_at"
)
_BODY = bindparam("body", type_=PaymentNotice.__table__.c.body.type)  # sealed
# A copy is kept and waits for nobody's lock; of a new payment the order is locked.
_LOOK = (
    text(f"""
WITH known AS (SELECT FROM payment_transactions WHERE transaction_id = :transaction_id),
kept AS ({_KEEP.format(verdict="'duplicate'", reason="'known'")} FROM known RETURNING 1),
locked AS (
    SELECT id AS order_id, purpose, reference_id, appid, amount_fen, payer_openid, status FROM payment_orders
    WHERE out_trade_no = :out_trade_no AND NOT EXISTS (SELECT FROM known) FOR UPDATE
)
SELECT EXISTS (SELECT FROM kept) AS known, locked.* FROM (VALUES (1)) AS one LEFT JOIN locked ON true
""")  # noqa: S608  nothing of a caller's is in it
    .bindparams(_BODY)
    .columns(payer_openid=PaymentOrder.__table__.c.payer_openid.type)
)
# The transaction's number is what makes it once: without that row nothing else is written but the notice's own.
_BOOK = text(f"""
WITH made AS (
    INSERT INTO payment_transactions
        (transaction_id, channel, order_id, out_trade_no, amount_fen, disposition, reason, paid_at, recorded_at)
    VALUES (:transaction_id, 'wechat_pay', :order_id, :out_trade_no, :amount_fen, 'credited', 'matched', :paid_at,
        :received_at)
    ON CONFLICT DO NOTHING RETURNING order_id
), moved AS (
    UPDATE payment_orders SET status = :to_status, paid_at = :paid_at FROM made WHERE id = made.order_id RETURNING id
), stepped AS ({states.STEP_OF_MOVED}),
told AS ({outbox.EVENT_OF_MOVED}),
queued AS ({jobs.DEFER_FOR_MOVED}),
kept AS ({_KEEP.format(
    verdict="CASE WHEN EXISTS (SELECT FROM made) THEN 'credited' ELSE 'duplicate' END",
    reason="CASE WHEN EXISTS (SELECT FROM made) THEN 'matched' ELSE 'known' END",
)} RETURNING verdict)
SELECT verdict, (SELECT count(*) FROM queued) FROM kept
""").bindparams(_BODY)  # noqa: S608  nothing of a caller's is in it


def book_at_once(
    session: Session, *, transaction: Transaction, trace: Mapping[str, Any], our_mchid: str
) -> domain.Disposition | None:
    """Book a payment that fits its order, or keep a copy of one that is booked; None, and nothing is written, when it
    is neither. `trace`: the columns of the notice without verdict and reason."""
    connection = session.connection()
    found = connection.execute(_LOOK, trace).one()
    if found.known:
        return "duplicate"
    verdict, _ = domain.judge(received(transaction), _expected(found, transaction), our_mchid)
    if verdict != "credited":
        return None
    booked = connection.execute(_BOOK, {**trace, **_booking(found, transaction)}).one()
    return "credited" if booked.verdict == "credited" else "duplicate"


def received(transaction: Transaction) -> domain.Received:
    """What WeChat Pay says, as the rules read it."""
    return domain.Received(
        out_trade_no=transaction.out_trade_no,
        mchid=transaction.mchid,
        appid=transaction.appid,
        trade_state=transaction.trade_state,
        amount_fen=transaction.amount_fen,
        currency=transaction.currency,
        payer_openid=transaction.payer_openid,
        payer_total_fen=transaction.payer_total_fen,
    )


def _expected(found: Row[Any], transaction: Transaction) -> domain.Expected | None:
    if found.order_id is None:
        return None
    return domain.Expected(
        transaction.out_trade_no, found.appid, found.amount_fen, found.payer_openid, found.status
    )


def _booking(found: Row[Any], transaction: Transaction) -> dict[str, Any]:
    paid_at = transaction.paid_at or clock.now()
    event = PaymentSucceeded(
        subject_id=found.order_id,
        purpose=found.purpose,
        reference_id=found.reference_id,
        amount_fen=transaction.amount_fen,
        paid_at=paid_at,
    )
    return {
        "order_id": found.order_id,
        "amount_fen": transaction.amount_fen,
        "paid_at": paid_at,
        **states.step_of_moved(PaymentOrder.__tablename__, domain.ORDER_STATES, found.status, "paid"),
        **outbox.event_of_moved(event),
    }
