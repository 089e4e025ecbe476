"""Money that the core bank took from an account for us: the same rules as for WeChat Pay, by the bank's own number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.wechat_pay import Transaction
from app.kernel import clock
from app.ledger.usecases import post
from app.payments import domain
from app.payments.models import PaymentOrder, PaymentTransaction
from app.payments.usecases.orders import confirm
from app.payments.usecases.uses import subject_of

OURS = "core_bank"  # stands where WeChat Pay names a merchant: whoever asked the core bank is the bank itself


@dataclass(frozen=True)
class BankMoney:
    """What arrived by one booking of the core bank (`bank_serial`) for one number of ours; the sum in fen."""

    bank_serial: str
    our_no: str
    amount_fen: int
    completed_at: datetime
    part_allowed: bool = False


def receive_from_bank(session: Session, *, money: BankMoney) -> tuple[domain.Disposition, str]:
    """Credit the order of `our_no` or put the money in suspense, once by the bank's number; as `confirm` answers.

    A smaller sum fits where a part was allowed. Money for no order of ours, for one that is over, or of another sum is
    kept in suspense for people to match. In the book it stands on the bank's own account.
    """
    number = f"CB{money.bank_serial}"
    verdict, reason = confirm(
        session,
        transaction=_told(session, money, number),
        our_mchid=OURS,
        channel="core_bank",
        part_allowed=money.part_allowed,
    )
    if verdict in ("credited", "suspense"):
        _post(session, "debit_collected", number, money.amount_fen, money.completed_at)
    return verdict, reason


def give_back_to_bank(session: Session, *, bank_serial: str, returned_at: datetime) -> bool:
    """The core bank took a debit's money back: off the bank's account, once; answers whether it was the first time."""
    paid = session.get_one(PaymentTransaction, f"CB{bank_serial}")
    return _post(session, "debit_returned", paid.transaction_id, paid.amount_fen, returned_at)


def _told(session: Session, money: BankMoney, number: str) -> Transaction:
    order = session.scalar(select(PaymentOrder).where(PaymentOrder.out_trade_no == money.our_no).with_for_update())
    return Transaction(
        out_trade_no=money.our_no,
        transaction_id=number,
        mchid=OURS,
        appid="" if order is None or order.pay_by in domain.BY_BANK else OURS,
        trade_state="SUCCESS",
        amount_fen=money.amount_fen,
        currency="CNY",
        payer_openid=None,
        paid_at=money.completed_at,
    )


def _post(session: Session, template: str, number: str, amount_fen: int, at: datetime) -> bool:
    return post(
        session,
        key=f"{template}:{number}",
        template=template,
        amounts_fen={"amount": amount_fen},
        subject_id=subject_of(number),
        business_on=clock.local_day(at),
    )
