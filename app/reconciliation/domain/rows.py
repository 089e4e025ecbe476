"""One line of a bill or statement in our terms, whoever wrote it, and errors of files that cannot be read."""

from __future__ import annotations

from typing import Literal, NamedTuple

Channel = Literal["wechat_trade", "wechat_funds", "core_bank"]
CHANNELS: tuple[Channel, ...] = ("wechat_trade", "wechat_funds", "core_bank")
LONGEST_NUMBER = 64


class BillUnreadable(ValueError):
    """A line that cannot be read exactly: the file is refused whole. The message names line and column, no values."""


class Row(NamedTuple):
    """Amounts in fen, the fee in thousandths of a fen; `occurred_at` is ISO 8601 with its offset."""

    line_no: int
    kind: str  # payment, refund, revoked, fee, transfer; other: of a sort that we do not know
    their_no: str
    our_no: str
    related_no: str
    merchant: str
    amount_fen: int
    fee_milli: int
    state: str
    occurred_at: str
