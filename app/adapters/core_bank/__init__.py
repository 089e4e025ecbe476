"""The core bank: checks of accounts and transfers out, whose results come later. Amounts in fen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from app.kernel.errors import Conflict, NotFound, Unauthenticated, Unavailable, Unprocessable

AccountCheck = Literal["match", "mismatch", "unknown", "closed"]
TransferStatus = Literal["accepted", "processing", "succeeded", "failed"]


class BankUnavailable(Unavailable):
    """The result is unknown: query the number, then send it again; never a new number before the old one is final."""

    code = "core_bank.unavailable"


class TransferUnknown(NotFound):
    """The core bank never accepted this number: it may be sent."""

    code = "core_bank.transfer_unknown"


class TransferConflict(Conflict):
    """The number carries a transfer with other content: a person must look."""

    code = "core_bank.transfer_conflict"


class TransferRefused(Unprocessable):
    """The core bank refuses the order as it is; `vendor_code` in the context. Not to be repeated unchanged."""

    code = "core_bank.transfer_refused"


class StatementNotReady(NotFound):
    """The day is not over, or its books are not closed yet."""

    code = "core_bank.statement_not_ready"


class PushRefused(Unauthenticated):
    """A push that did not prove to come from the core bank."""

    code = "core_bank.push_refused"


@dataclass(frozen=True)
class Payee:
    """Who is paid."""

    account_no: str = field(repr=False)
    account_name: str = field(repr=False)
    bank_code: str


@dataclass(frozen=True)
class TransferOrder:
    """A transfer out under our number (≤ 32 letters and digits), the same on every repeat."""

    transfer_no: str
    amount_fen: int
    payer_account_no: str = field(repr=False)
    payee: Payee
    purpose: str
    loan_ref: str


@dataclass(frozen=True)
class TransferState:
    """A transfer as the core bank tells it; succeeded and failed are final."""

    transfer_no: str
    bank_serial: str
    amount_fen: int
    state: TransferStatus
    fail_code: str | None
    fail_text: str | None
    completed_at: datetime | None

    @property
    def final(self) -> bool:
        return self.state in ("succeeded", "failed")


@dataclass(frozen=True)
class StatementEntry:
    """One booking on the bank's settlement account; `transfer_no` is ours, None when the entry is not a transfer."""

    entry_no: str
    bank_serial: str
    transfer_no: str | None
    direction: Literal["in", "out"]
    amount_fen: int
    booked_at: datetime
    state: str  # booked, reversed; others are possible


@dataclass(frozen=True)
class StatementPage:
    """A part of a day's statement; the totals are those of the whole day."""

    entries: tuple[StatementEntry, ...]
    next_after: str | None
    count: int
    out_fen: int
    in_fen: int


class CoreBank(Protocol):
    """The bank's core system. Calls raise BankUnavailable when the result is unknown."""

    def check_account(self, payee: Payee) -> AccountCheck:
        """Whether the account exists, is open and carries this name."""

    def send_transfer(self, order: TransferOrder) -> TransferState:
        """Order the transfer; a repeat of the same order has no second effect.

        Raises TransferConflict, TransferRefused.
        """

    def query_transfer(self, transfer_no: str) -> TransferState:
        """The transfer as it is. Raises TransferUnknown."""

    def statement_page(self, day: date, after: str | None) -> StatementPage:
        """A page of a day's statement, from the beginning (None) or after the page before. Raises StatementNotReady."""

    def read_push(self, headers: Mapping[str, str], raw: bytes) -> TransferState:
        """Verify a pushed result. Treat it as a hint and query before booking: a push may come twice or late.

        Raises PushRefused.
        """
