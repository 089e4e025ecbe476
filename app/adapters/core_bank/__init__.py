"""The core bank: checks of accounts, transfers out and debits, whose results come later. Amounts in fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from app.kernel.errors import Conflict, NotFound, Unauthenticated, Unavailable, Unprocessable

AccountCheck = Literal["match", "mismatch", "unknown", "closed"]
TransferStatus = Literal["accepted", "processing", "succeeded", "failed"]
DebitState = Literal["succeeded", "failed", "returned"]


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


class DebitFileConflict(Conflict):
    """The batch number carries another file: a person must look."""

    code = "core_bank.debit_file_conflict"


class DebitFileUnknown(NotFound):
    """The core bank never accepted this batch: the same file may be sent."""

    code = "core_bank.debit_file_unknown"


class DebitResultsNotReady(NotFound):
    """The core bank has not worked on the batch yet."""

    code = "core_bank.debit_results_not_ready"


class DebitFileBroken(Unprocessable):
    """A result file that is cut off, does not add up or is not signed: none of its lines may be believed."""

    code = "core_bank.debit_file_broken"


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


@dataclass(frozen=True)
class DebitOrder:
    """One line of a debit file: take this sum from this account; `part_allowed`: less, when there is not enough."""

    debit_no: str
    account: Payee = field(repr=False)
    amount_fen: int
    part_allowed: bool
    mandate_ref: str


@dataclass(frozen=True)
class DebitFile:
    """A batch as it is sent: the same number always carries the same bytes."""

    batch_no: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class DebitResult:
    """One line of a result file. `bank_serial` names the booking at the core bank; empty when none was made."""

    debit_no: str
    amount_fen: int
    state: DebitState
    fail_code: str
    bank_serial: str
    completed_at: datetime


@dataclass(frozen=True)
class DebitResults:
    """A result file that proved itself, whole, and its lines. A later issue replaces an earlier one."""

    batch_no: str
    issue: int
    text: str = field(repr=False)
    lines: tuple[DebitResult, ...]


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

    def debit_file(self, batch_no: str, made_on: date, orders: Sequence[DebitOrder]) -> DebitFile:
        """Write a batch of debits as the core bank reads it; no call. ValueError for what no line can hold."""

    def send_debit_file(self, file: DebitFile) -> None:
        """Hand a batch over; the same file again has no second effect. Raises DebitFileConflict, TransferRefused."""

    def debit_results(self, batch_no: str) -> DebitResults:
        """The newest result file. Raises DebitFileUnknown, DebitResultsNotReady, DebitFileBroken."""

    def statement_page(self, day: date, after: str | None) -> StatementPage:
        """A page of a day's statement, from the beginning (None) or after the page before. Raises StatementNotReady."""

    def read_push(self, headers: Mapping[str, str], raw: bytes) -> TransferState:
        """Verify a pushed result. Treat it as a hint and query before booking: a push may come twice or late.

        Raises PushRefused.
        """
