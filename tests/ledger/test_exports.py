"""The book for other programs: beancount loads it without a complaint and comes to the same balances."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from beancount import loader
from beancount.core import data as beans
from beancount.core import realization
from sqlalchemy.orm import Session

from app import cli
from app.kernel import clock, ids
from app.ledger import exports, queries
from app.ledger.domain import PeriodWrong
from app.ledger.usecases import post
from tests.factories import loans

FIRST = date(2026, 11, 20)


@pytest.fixture
def today(clock_at: Callable[[datetime], None]) -> date:
    clock_at(datetime(2026, 11, 23, 4, 0, tzinfo=UTC))
    return clock.today()


def sent(session: Session, on: date, amount_fen: int, product_code: str | None = "order_instalments") -> None:
    post(
        session,
        key=f"test:{ids.new_id()}",
        template="transfer_sent",
        amounts_fen={"amount": amount_fen},
        subject_id=ids.new_id(),
        business_on=on,
        product_code=product_code,
    )


def read_beans(text: str) -> tuple[list[Any], dict[str, Decimal]]:
    """What beancount makes of it: its directives and the balances by our own account codes. No errors."""
    entries, errors, _ = loader.load_string(text)
    assert errors == []
    codes = {one.account: one.meta["code"] for one in entries if isinstance(one, beans.Open)}
    root = realization.realize(entries)  # type: ignore[no-untyped-call]
    found = {}
    for account, code in codes.items():
        amounts = realization.get(root, account)  # type: ignore[no-untyped-call]
        found[code] = Decimal(0) if amounts is None else amounts.balance.get_currency_units("CNY").number
    return entries, found


def our_balances(session: Session, to_on: date) -> dict[str, Decimal]:
    return {
        one.code: Decimal(one.closing_fen) / 100 for one in queries.period_balances(session, from_on=None, to_on=to_on)
    }


def test_a_trial_balance_of_a_day_a_period_and_a_product(session: Session, today: date) -> None:
    sent(session, FIRST, 100)
    sent(session, FIRST + timedelta(days=1), 20)
    sent(session, FIRST + timedelta(days=1), 7, "other_product")
    sent(session, FIRST + timedelta(days=2), 3)

    def shown(**which: Any) -> tuple[int, int, int, int]:
        rows = queries.period_balances(session, **which)
        for name in ("opening_fen", "closing_fen"):
            assert sum(getattr(row, name) for row in rows) == 0
        assert sum(row.debit_fen for row in rows) == sum(row.credit_fen for row in rows)
        [row] = [row for row in rows if row.code == "transfers_in_transit"]
        return row.opening_fen, row.debit_fen, row.credit_fen, row.closing_fen

    second = FIRST + timedelta(days=1)
    assert shown(from_on=second, to_on=second) == (100, 27, 0, 127)
    assert shown(from_on=FIRST, to_on=second) == (0, 127, 0, 127)
    assert shown(from_on=second, to_on=today, product_code="order_instalments") == (100, 23, 0, 123)
    assert shown(from_on=second, to_on=today, product_code="no_such_product") == (0, 0, 0, 0)
    whole = {row.code: row.balance_fen for row in queries.trial_balance(session)}
    assert {row.code: row.closing_fen for row in queries.period_balances(session, from_on=None, to_on=today)} == whole


def test_beancount_reads_the_whole_story_of_a_loan(session: Session, clock_at: Callable[[datetime], None]) -> None:
    start = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    clock_at(start)
    loan = loans.active_loan(session, loans.make_borrower(session))
    loans.repay(session, loan)
    clock_at(start + timedelta(days=45))
    loans.repay(session, loan)
    loans.repay(session, loan, "payoff")
    today = clock.today()
    text = "".join(exports.as_beancount(session, from_on=loan.start_on, to_on=today))
    entries, balances = read_beans(text)
    assert balances == our_balances(session, today)
    journals = [one for one in entries if isinstance(one, beans.Transaction)]
    assert len(journals) == len(queries.journals_of(session, [loan.id])) + 1  # the transfer is the drawdown's
    assert {one.meta["product"] for one in journals} == {loan.product_code}
    assert balances["loan_principal"] == 0 and balances["interest_income"] < 0


def test_a_later_period_begins_with_what_was_there(session: Session, today: date) -> None:
    sent(session, FIRST, 100)
    sent(session, today, 20)
    text = "".join(exports.as_beancount(session, from_on=today, to_on=today))
    entries, balances = read_beans(text)
    assert balances["transfers_in_transit"] == Decimal("1.20")
    assert balances == our_balances(session, today)
    assert [one.narration for one in entries if isinstance(one, beans.Transaction)] == ["期初余额", "放款划出"]


def test_beancount_would_notice_a_missing_journal(session: Session, today: date) -> None:
    sent(session, today, 20)
    text = "".join(exports.as_beancount(session, from_on=today, to_on=today))
    broken = text.replace("0.20 CNY", "0.10 CNY", 1)
    assert loader.load_string(broken)[1] != []


def test_an_empty_book_is_a_right_file(session: Session, today: date) -> None:
    _, balances = read_beans("".join(exports.as_beancount(session, from_on=FIRST, to_on=today)))
    assert set(balances.values()) == {Decimal(0)}


def test_the_csv_holds_every_entry(session: Session, today: date) -> None:
    sent(session, FIRST, 123_456)
    sent(session, today, 7, product_code=None)
    text = "".join(exports.as_csv(session, from_on=FIRST, to_on=today))
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert text.startswith("\ufeff") and len(rows) == 4
    assert sum(Decimal(row["debit_yuan"]) for row in rows) == sum(Decimal(row["credit_yuan"]) for row in rows)
    assert (rows[0]["account_name"], rows[0]["debit_yuan"], rows[0]["memo"]) == ("在途划款", "1234.56", "放款划出")


def test_the_trial_balance_as_csv_adds_up(session: Session, today: date) -> None:
    sent(session, FIRST, 100)
    text = "".join(exports.balances_as_csv(session, from_on=FIRST, to_on=today))
    *rows, total = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert (total["opening_yuan"], total["closing_yuan"]) == ("0.00", "0.00")
    assert total["debit_yuan"] == total["credit_yuan"] == "1.00"
    assert {row["account"] for row in rows} >= {"suspense", "loan_principal"}


@pytest.mark.parametrize("write", [exports.as_csv, exports.as_beancount, exports.balances_as_csv])
@pytest.mark.parametrize(("first", "last"), [(1, 0), (0, 1)], ids=["backwards", "future"])
def test_wrong_periods_are_refused(session: Session, today: date, write: Any, first: int, last: int) -> None:
    with pytest.raises(PeriodWrong):
        list(write(session, from_on=today + timedelta(days=first), to_on=today + timedelta(days=last)))


@pytest.mark.parametrize("command", [["trial-balance"], ["ledger-export", "--format", "csv"]])
def test_the_command_says_what_is_wrong(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*command, "--from", "2026-11-02", "--to", "2026-11-01"]) == 2
    assert "first day" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main([*command, "--from", "2026-02-31", "--to", "2026-11-01"])
