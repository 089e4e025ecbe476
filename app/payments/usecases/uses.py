"""What is done with a payment's money after it came: one locked row a payment, so that no fen is used twice."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel import clock, ids
from app.ledger.usecases import post
from app.payments import domain
from app.payments.models import PaymentTransaction, Refund, SuspenseMatch, TransactionUse


def use(session: Session, paid: PaymentTransaction, *, refunded_fen: int, released_fen: int) -> None:
    """Take sums out of what is left of a payment. Raises NotInSuspense, RefundTooLarge."""
    if released_fen and paid.disposition != "suspense":
        raise domain.NotInSuspense("This payment was credited; its money is not in suspense.")
    row = _locked(session, paid)
    if min(refunded_fen, released_fen) < 0 or refunded_fen + released_fen <= 0:
        raise domain.RefundTooLarge("A sum is at least one fen.")
    if max(row.refunded_fen + refunded_fen, row.released_fen + released_fen) > row.amount_fen:
        raise domain.RefundTooLarge(
            "More would be used than came.", paid_fen=row.amount_fen, refunded_fen=row.refunded_fen
        )
    row.refunded_fen += refunded_fen
    row.released_fen += released_fen
    session.flush()


def give_up(session: Session, transaction_id: str, refunded_fen: int, released_fen: int) -> None:
    """Put sums back that were taken for a refund without effect."""
    row = session.get_one(TransactionUse, transaction_id, with_for_update=True, populate_existing=True)
    row.refunded_fen -= refunded_fen
    row.released_fen -= released_fen
    session.flush()


def match_suspense(
    session: Session, *, match_id: UUID, transaction_id: str, amount_fen: int, purpose: str, reference_id: UUID
) -> bool:
    """Money in suspense is for this thing after all: out of suspense, once by `match_id`; whoever asks books the rest.

    Answers false when it was matched before. Raises PaymentUnknown, NotInSuspense, RefundTooLarge.
    """
    if session.get(SuspenseMatch, match_id):
        return False
    paid = payment(session, transaction_id)
    use(session, paid, refunded_fen=0, released_fen=amount_fen)
    session.add(
        SuspenseMatch(
            id=match_id,
            transaction_id=transaction_id,
            amount_fen=amount_fen,
            purpose=purpose,
            reference_id=reference_id,
            matched_at=clock.now(),
        )
    )
    return _post(session, f"suspense_matched:{match_id}", transaction_id, amount_fen)


def record_outside_refund(
    session: Session, *, transaction_id: str, out_refund_no: str, refund_id: str, amount_fen: int
) -> bool:
    """Somebody refunded money in suspense on WeChat Pay's own pages: book it as gone, once by its number.

    Raises PaymentUnknown, NotInSuspense, RefundTooLarge.
    """
    identity = ids.named("outside_refund", out_refund_no)
    if session.get(Refund, identity):
        return False
    paid = payment(session, transaction_id)
    use(session, paid, refunded_fen=amount_fen, released_fen=amount_fen)
    now = clock.now()
    session.add(
        Refund(
            id=identity,
            out_refund_no=out_refund_no,
            transaction_id=transaction_id,
            out_trade_no=paid.out_trade_no,
            amount_fen=amount_fen,
            paid_fen=paid.amount_fen,
            source="outside",
            subject_id=subject_of(transaction_id),
            reason="商户平台退款",
            status="succeeded",
            refund_id=refund_id[:64],
            requested_at=now,
            accepted_at=now,
            completed_at=now,
        )
    )
    return _post(session, f"outside_refund:{identity}", transaction_id, amount_fen)


def payment(session: Session, transaction_id: str) -> PaymentTransaction:
    """A payment by WeChat Pay's number. Raises PaymentUnknown."""
    found = session.get(PaymentTransaction, transaction_id)
    if found is None:
        raise domain.PaymentUnknown("There is no such payment.")
    return found


def subject_of(transaction_id: str) -> UUID:
    """Under what a payment's journals stand when it belongs to nothing of ours."""
    return ids.named("wechat_transaction", transaction_id)


def _locked(session: Session, paid: PaymentTransaction) -> TransactionUse:
    session.execute(
        insert(TransactionUse)
        .values(transaction_id=paid.transaction_id, amount_fen=paid.amount_fen, released_fen=0, refunded_fen=0)
        .on_conflict_do_nothing()
    )
    return session.get_one(TransactionUse, paid.transaction_id, with_for_update=True, populate_existing=True)


def _post(session: Session, key: str, transaction_id: str, amount_fen: int) -> bool:
    return post(
        session,
        key=key,
        template="suspense_matched",
        amounts_fen={"amount": amount_fen},
        subject_id=subject_of(transaction_id),
        business_on=clock.today(),
    )
