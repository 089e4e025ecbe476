"""The core bank over the Dukou port (docs/ports.md)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Literal, get_args
from urllib.parse import urlencode

from app.adapters.answers import AnswerMalformed, Fields, read_object
from app.adapters.core_bank import (
    AccountCheck,
    BankUnavailable,
    DebitFile,
    DebitFileBroken,
    DebitFileConflict,
    DebitFileUnknown,
    DebitOrder,
    DebitResults,
    DebitResultsNotReady,
    Payee,
    PushRefused,
    StatementEntry,
    StatementNotReady,
    StatementPage,
    TransferConflict,
    TransferOrder,
    TransferRefused,
    TransferState,
    TransferStatus,
    TransferUnknown,
    debit_files,
)
from app.adapters.ports import PortClient, PortRefused, SignatureWrong, check_push

PUSH_PATH = "/callbacks/core-bank/transfers"  # what the core bank signs, whatever stands in front of us
STATEMENT_ROWS = 500
TRANSFER_NO = re.compile(r"[0-9A-Za-z]{1,32}", re.ASCII)


def down(reason: str) -> BankUnavailable:
    """The channel's error for no trustworthy answer."""
    return BankUnavailable("The core bank does not answer; the result is not known.", reason=reason)


class PortCoreBank:
    """The `CoreBank` protocol over the port."""

    def __init__(self, port: PortClient, *, wall: Callable[[], float] = time.time) -> None:
        self._port = port
        self._wall = wall

    def check_account(self, payee: Payee) -> AccountCheck:
        """See the protocol. The answer carries nothing that ties it to the question but its signature."""
        answer = self._port.call("check_account", "POST", "/core-bank/v1/account-checks", _payee(payee))
        try:
            found: AccountCheck = answer.fields.choice("result", get_args(AccountCheck))
        except AnswerMalformed as fault:
            raise self._port.malformed("check_account", fault) from None
        return found

    def send_transfer(self, order: TransferOrder) -> TransferState:
        """See the protocol; ValueError for a number or sum that the core bank could never accept."""
        if not TRANSFER_NO.fullmatch(order.transfer_no) or order.amount_fen <= 0:
            raise ValueError("a transfer needs a number of letters and digits and a sum above zero")
        try:
            answer = self._port.call(
                "send_transfer", "POST", "/core-bank/v1/transfers", _body(order), expected="transfer.conflict"
            )
        except PortRefused as refusal:
            raise TransferRefused("The core bank refuses this transfer.", **refusal.context) from None
        if answer.code == "transfer.conflict":
            raise TransferConflict("This transfer number carries another transfer.", transfer_no=order.transfer_no)
        return self._state("send_transfer", answer.fields, order.transfer_no, order.amount_fen)

    def query_transfer(self, transfer_no: str) -> TransferState:
        """See the protocol."""
        if not TRANSFER_NO.fullmatch(transfer_no):
            raise ValueError("a transfer number has letters and digits only")
        path = f"/core-bank/v1/transfers/{transfer_no}"
        answer = self._port.call("query_transfer", "GET", path, expected="transfer.unknown")
        if answer.code == "transfer.unknown":
            raise TransferUnknown("The core bank has no transfer with this number.", transfer_no=transfer_no)
        return self._state("query_transfer", answer.fields, transfer_no, None)

    def debit_file(self, batch_no: str, made_on: date, orders: Sequence[DebitOrder]) -> DebitFile:
        """See the protocol."""
        return DebitFile(batch_no, debit_files.write(batch_no, made_on, orders, self._port.secret))

    def send_debit_file(self, file: DebitFile) -> None:
        """See the protocol."""
        body = {"batch_no": file.batch_no, "file": file.text}
        try:
            answer = self._port.call(
                "send_debit_file", "POST", "/core-bank/v1/debit-files", body, expected="debit_file.conflict"
            )
        except PortRefused as refusal:
            raise TransferRefused("The core bank refuses this file.", **refusal.context) from None
        if answer.code == "debit_file.conflict":
            raise DebitFileConflict("This batch number carries another file.", batch_no=file.batch_no)
        try:
            if answer.fields.text("batch_no") != file.batch_no:
                raise AnswerMalformed("batch_no")
        except AnswerMalformed as fault:
            raise self._port.malformed("send_debit_file", fault) from None

    def debit_results(self, batch_no: str) -> DebitResults:
        """See the protocol."""
        if not TRANSFER_NO.fullmatch(batch_no):
            raise ValueError("a batch number has letters and digits only")
        path = f"/core-bank/v1/debit-files/{batch_no}/results"
        answer = self._port.call("debit_results", "GET", path, expected="debit_file.unknown debit_file.not_ready")
        if answer.code == "debit_file.unknown":
            raise DebitFileUnknown("The core bank has no batch with this number.", batch_no=batch_no)
        if answer.code == "debit_file.not_ready":
            raise DebitResultsNotReady("There are no results of this batch yet.", batch_no=batch_no)
        try:
            return debit_files.read(answer.fields.text("file"), batch_no, self._port.secret)
        except debit_files.Broken as fault:
            raise DebitFileBroken("The result file cannot be believed.", batch_no=batch_no, fault=str(fault)) from None
        except AnswerMalformed as fault:
            raise self._port.malformed("debit_results", fault) from None

    def statement_page(self, day: date, after: str | None) -> StatementPage:
        """See the protocol."""
        query = urlencode({"day": day.isoformat(), "limit": STATEMENT_ROWS} | ({"after": after} if after else {}))
        answer = self._port.call(
            "statement", "GET", f"/core-bank/v1/statements?{query}", expected="statement.not_ready"
        )
        if answer.code == "statement.not_ready":
            raise StatementNotReady("There is no statement of this day yet.", day=day.isoformat())
        try:
            return read_statement(answer.fields, day)
        except AnswerMalformed as fault:
            raise self._port.malformed("statement", fault) from None

    def read_push(self, headers: Mapping[str, str], raw: bytes) -> TransferState:
        """See the protocol."""
        try:
            check_push(
                headers,
                raw,
                target=PUSH_PATH,
                client_id=self._port.client_id,
                secret=self._port.secret,
                now=self._wall(),
            )
            return read_state(read_object(raw), None)
        except (SignatureWrong, AnswerMalformed) as fault:
            raise PushRefused("This is not a push of the core bank.", fault=str(fault)) from None

    def _state(self, operation: str, fields: Fields, transfer_no: str, amount_fen: int | None) -> TransferState:
        try:
            state = read_state(fields, amount_fen)
            if state.transfer_no != transfer_no:
                raise AnswerMalformed("transfer_no")
        except AnswerMalformed as fault:
            raise self._port.malformed(operation, fault) from None
        return state


def read_state(fields: Fields, amount_fen: int | None) -> TransferState:
    """A transfer as the port tells it; the acceptance leaves out the sum, which is then the one that was ordered."""
    state: TransferStatus = fields.choice("state", get_args(TransferStatus))
    return TransferState(
        transfer_no=fields.text("transfer_no"),
        bank_serial=fields.text("bank_serial"),
        amount_fen=fields.whole("amount_fen") if amount_fen is None or fields.has("amount_fen") else amount_fen,
        state=state,
        fail_code=fields.maybe_text("fail_code"),
        fail_text=fields.maybe_text("fail_text"),
        completed_at=fields.maybe_instant("completed_at"),
    )


def read_statement(fields: Fields, day: date) -> StatementPage:
    """A page as the port tells it; of another day it is none. Raises AnswerMalformed."""
    if fields.day("day") != day:
        raise AnswerMalformed("day")
    totals = fields.inner("totals")
    return StatementPage(
        entries=tuple(_entry(found) for found in fields.many("entries")),
        next_after=fields.maybe_text("next"),
        count=totals.whole("count"),
        out_fen=totals.whole("out_fen"),
        in_fen=totals.whole("in_fen"),
    )


def _entry(fields: Fields) -> StatementEntry:
    direction: Literal["in", "out"] = fields.choice("direction", ("in", "out"))
    return StatementEntry(
        entry_no=fields.text("entry_no"),
        bank_serial=fields.text("bank_serial"),
        transfer_no=fields.maybe_text("transfer_no"),
        direction=direction,
        amount_fen=fields.whole("amount_fen"),
        booked_at=fields.instant("booked_at"),
        state=fields.text("state"),
    )


def _payee(payee: Payee) -> dict[str, str]:
    return {"account_no": payee.account_no, "account_name": payee.account_name, "bank_code": payee.bank_code}


def _body(order: TransferOrder) -> dict[str, object]:
    return {
        "transfer_no": order.transfer_no,
        "amount_fen": order.amount_fen,
        "currency": "CNY",
        "payer_account_no": order.payer_account_no,
        "payee": _payee(order.payee),
        "purpose": order.purpose,
        "loan_ref": order.loan_ref,
    }
