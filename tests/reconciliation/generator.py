"""A day's payments and refunds in our tables, and the trade bill that WeChat Pay would make of them, right or wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel import clock, ids
from sandbox.wechat.pay.bill_rows import TRADE_COLUMNS, Row, fee, trade_summary

MERCHANT = "1900000001"
DAY = date(2026, 11, 22)


class Day:
    """`payments` payments and `refunds` refunds of a day, in our tables; `rows` is what the bill says of them."""

    def __init__(self, session: Session, *, payments: int, refunds: int = 0, day: date = DAY, seed: int = 1) -> None:
        self.session, self.day, self.random = session, day, random.Random(f"{seed}:{day}")
        self.rows: list[Row] = []
        paid = [self._payment(number) for number in range(payments)]
        for number in range(refunds):
            self._refund(number, paid[number])
        self.summary_change: dict[str, str] = {}

    def _moment(self) -> datetime:
        seconds = timedelta(seconds=self.random.randrange(86_400))
        return datetime.combine(self.day, time.min, clock.CHINA) + seconds

    def _payment(self, number: int) -> dict[str, object]:
        at, amount_fen = self._moment(), self.random.randrange(1, 5_000_000)
        told = {
            "transaction_id": f"4200{self.day:%Y%m%d}{number:016d}",
            "out_trade_no": f"DK{self.day:%Y%m%d}{number:018d}",
            "amount_fen": amount_fen,
            "at": at,
        }
        self.rows.append(trade_row(told))
        return told

    def _refund(self, number: int, paid: dict[str, object]) -> None:
        at, amount_fen = self._moment(), self.random.randrange(1, int(str(paid["amount_fen"])) + 1)
        refund = {
            "out_refund_no": f"DKR{self.day:%Y%m%d}{number:018d}",
            "refund_id": f"503{self.day:%Y%m%d}{number:016d}",
            "refund_fen": amount_fen,
            "at": at,
        }
        self.rows.append(refund_row(paid, refund))

    def store(self) -> None:
        """Write what the rows tell into our tables: all credited, all refunds done."""
        payments = [row for row in self.rows if row["交易状态"] == "SUCCESS"]
        self.session.execute(
            PAYMENT,
            [
                {
                    "transaction_id": row["微信订单号"],
                    "out_trade_no": row["商户订单号"],
                    "amount_fen": _fen(row["订单金额"]),
                    "paid_at": _at(row),
                }
                for row in payments
            ],
        )
        for row in self.rows:
            if row["交易状态"] == "REFUND":
                self.session.execute(REFUND, {
                    "id": ids.new_id(), "out_refund_no": row["商户退款单号"], "refund_id": row["微信退款单号"],
                    "transaction_id": row["微信订单号"], "out_trade_no": row["商户订单号"], "at": _at(row),
                    "amount_fen": _fen(row["申请退款金额"]),
                })  # fmt: skip
        self.session.commit()

    def lines(self) -> Iterator[bytes]:
        """The file, line by line."""
        yield (",".join(TRADE_COLUMNS) + "\r\n").encode()
        for row in self.rows:
            yield _line(row[name] for name in TRADE_COLUMNS)
        summary = trade_summary(self.rows) | self.summary_change
        yield (",".join(summary) + "\r\n").encode()
        yield _line(summary.values())

    def pick(self, kind: str = "SUCCESS") -> int:
        """The place of a row that nothing was done to yet."""
        places = [n for n, row in enumerate(self.rows) if row["交易状态"] == kind and not row["费率备注"]]
        place = self.random.choice(places)
        self.rows[place] = self.rows[place] | {"费率备注": "picked"}
        return place


def trade_row(paid: dict[str, object]) -> Row:
    """The line of a payment."""
    amount_fen = int(str(paid["amount_fen"]))
    yuan = f"{Decimal(amount_fen) / 100:.2f}"
    return dict.fromkeys(TRADE_COLUMNS, "") | {
        "交易时间": f"{paid['at']:%Y-%m-%d %H:%M:%S}",
        "商户号": MERCHANT,
        "微信订单号": str(paid["transaction_id"]),
        "商户订单号": str(paid["out_trade_no"]),
        "交易状态": "SUCCESS",
        "应结订单金额": yuan,
        "订单金额": yuan,
        "申请退款金额": "0.00",
        "退款金额": "0.00",
        "充值券退款金额": "0.00",
        "手续费": fee(amount_fen),
        "费率": "0.60%",
        "商品名称": "还款,第1期",
    }


def refund_row(paid: dict[str, object], refund: dict[str, object]) -> Row:
    """The line of a refund."""
    amount_fen = int(str(refund["refund_fen"]))
    yuan, back = f"{Decimal(amount_fen) / 100:.2f}", fee(amount_fen)
    return trade_row(paid) | {
        "交易时间": f"{refund['at']:%Y-%m-%d %H:%M:%S}",
        "交易状态": "REFUND",
        "应结订单金额": "0.00",
        "订单金额": "0.00",
        "申请退款金额": yuan,
        "退款金额": yuan,
        "微信退款单号": str(refund["refund_id"]),
        "商户退款单号": str(refund["out_refund_no"]),
        "退款状态": "SUCCESS",
        "手续费": back if back == "0.00000" else f"-{back}",
    }


PAYMENT = text(
    "INSERT INTO payment_transactions (transaction_id, out_trade_no, amount_fen, disposition, reason, paid_at,"
    " recorded_at) VALUES (:transaction_id, :out_trade_no, :amount_fen, 'credited', 'matched', :paid_at, :paid_at)"
)
REFUND = text(
    "INSERT INTO refunds (id, out_refund_no, transaction_id, out_trade_no, amount_fen, paid_fen, source, subject_id,"
    " reason, status, refund_id, requested_at, accepted_at, completed_at) VALUES (:id, :out_refund_no, :transaction_id,"
    " :out_trade_no, :amount_fen, :amount_fen, 'customer_credit', :id, 'x', 'succeeded', :refund_id, :at, :at, :at)"
)


def _line(values: object) -> bytes:
    return (",".join(f"`{value}" for value in values) + "\r\n").encode()  # type: ignore[attr-defined]


def _fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def _at(row: Row) -> datetime:
    return datetime.fromisoformat(f"{row['交易时间']}+08:00")
