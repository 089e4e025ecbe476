"""Every kind of difference is found and rightly named, clean rows raise none, and running again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from app.kernel import invariants
from app.ledger.queries import trial_balance
from app.reconciliation import usecases
from app.reconciliation.domain.wechat_bills import trade_bill
from app.reconciliation.jobs.fetching import take_in
from tests.drills.conftest import LONG
from tests.reconciliation.generator import DAY, MERCHANT, Day


def bring_in(day, digest="a"):
    return take_in("wechat_trade", day.day, digest, trade_bill(day.lines()))


def compare(session, day=DAY):
    status = usecases.compare_day(session, channel="wechat_trade", day=day, merchant=MERCHANT)
    session.commit()
    return status


def found(session, day=DAY, status="open"):
    rows = session.execute(
        text("SELECT kind, their_no FROM bill_differences WHERE day = :day AND status = :status ORDER BY kind, key"),
        {"day": day, "status": status},
    )
    return [(row.kind, row.their_no) for row in rows]


def test_clean_days_raise_nothing_and_their_fees_are_booked_once(session):
    day = Day(session, payments=500, refunds=50)
    day.store()
    bring_in(day)
    for _ in range(3):
        assert compare(session) == "explained"
    assert found(session) == []
    fees = sum((Decimal(row["手续费"]) * 100 for row in day.rows), Decimal(0))
    booked = {row.code: row.balance_fen for row in trial_balance(session)}
    assert booked["channel_fees"] == int(fees) == -booked["wechat_pay_clearing"]
    assert session.scalar(text("SELECT count(*) FROM journals")) == 1


@pytest.mark.drill
def test_clean_rows_by_the_thousand_raise_no_false_difference(session):
    day = Day(session, payments=99_000 if LONG else 3_000, refunds=1_000 if LONG else 100, seed=2)
    day.store()
    bring_in(day)
    for _ in range(2):
        assert compare(session) == "explained"
    assert session.scalar(text("SELECT count(*) FROM bill_differences")) == 0


@dataclass
class Change:
    """How one row is made wrong; answers the number under which the difference must be listed."""

    day: Day

    def missing_there(self):
        return self.day.rows.pop(self.day.pick())["微信订单号"]

    def missing_here(self):
        row = self.day.rows[self.day.pick()] | {"微信订单号": f"4200999{self.day.random.randrange(10**20):020d}"}
        self.day.rows.append(row)
        return row["微信订单号"]

    def amount(self):
        place = self.day.pick()
        yuan = f"{Decimal(self.day.rows[place]['订单金额']) + Decimal('0.01'):.2f}"
        return self._set(place, 订单金额=yuan)

    def duplicate(self):
        row = self.day.rows[self.day.pick()]
        self.day.rows.append(row)
        return row["微信订单号"]

    def cut_off(self):
        return self._set(self.day.pick(), 交易时间=f"{DAY + timedelta(days=1)} 00:00:01")

    def state(self):
        return self._set(self.day.pick(), 交易状态="REVOKED")

    def fee(self):
        place = self.day.pick()
        return self._set(place, 手续费=f"{Decimal(self.day.rows[place]['手续费']) + Decimal('0.02'):.5f}")

    def foreign_merchant(self):
        return self._set(self.day.pick(), 商户号="1999999999")

    def refund_missing(self):
        return self.day.rows.pop(self.day.pick("REFUND"))["微信退款单号"]

    def unknown(self):
        return self._set(self.day.pick(), 交易状态="ADJUSTED")

    def _set(self, place, **values):
        self.day.rows[place] = self.day.rows[place] | values
        return self.day.rows[place]["微信订单号"]


ROW_KINDS = [name for name in vars(Change) if not name.startswith("_") and name != "day"]


@pytest.mark.parametrize("seed", range(5))
def test_each_kind_is_found_and_rightly_named(session, seed):
    day = Day(session, payments=120, refunds=20, seed=seed)
    day.store()
    expected = sorted((kind, getattr(Change(day), kind)()) for kind in ROW_KINDS)
    bring_in(day)
    assert compare(session) == "differences"
    assert found(session) == expected
    before = session.execute(text("SELECT * FROM bill_differences ORDER BY id")).all()
    assert compare(session) == "differences"
    assert session.execute(text("SELECT * FROM bill_differences ORDER BY id")).all() == before


def test_a_refund_that_only_the_bill_knows(session):
    day = Day(session, payments=3, refunds=1)
    day.store()
    row = next(row for row in day.rows if row["交易状态"] == "REFUND")
    day.rows.append(row | {"微信退款单号": "503X", "商户退款单号": "CONSOLE1"})
    bring_in(day)
    compare(session)
    assert found(session) == [("refund_missing", "503X")]


@pytest.mark.parametrize(
    ("ours", "theirs", "kinds"),
    [
        ("succeeded", "SUCCESS", []),
        ("succeeded", "PROCESSING", []),
        ("succeeded", "CHANGE", []),
        ("processing", "SUCCESS", []),
        ("abnormal", "CHANGE", []),
        ("succeeded", "FAILED", ["state"]),
        ("closed", "SUCCESS", ["state"]),
        ("closed", "FAILED", []),
    ],
)
def test_the_states_of_refunds(session, ours, theirs, kinds):
    day = Day(session, payments=1, refunds=1)
    day.store()
    session.execute(text("UPDATE refunds SET status = :ours"), {"ours": ours})
    day.rows[1]["退款状态"] = theirs
    bring_in(day)
    compare(session)
    assert [kind for kind, _ in found(session)] == kinds


def test_a_file_that_was_cut_off_is_called_that_and_nothing_else(session):
    day = Day(session, payments=50)
    day.store()
    lines = list(day.lines())
    for digest, cut in (("x", lines[:-2]), ("y", [*lines[:20], lines[20][:30]]), ("z", lines[:-1])):
        take_in("wechat_trade", DAY, digest, trade_bill(cut))
        assert compare(session) == "differences"
        assert found(session) == [("truncated", None)]
    bring_in(day, "whole")
    assert compare(session) == "explained"
    assert found(session, status="gone") == [("truncated", None)]


def test_totals_that_are_not_the_sums(session):
    for place, total in enumerate(("总交易单数", "订单总金额", "手续费总金额")):
        day = Day(session, payments=5, day=DAY + timedelta(days=place))
        day.store()
        day.summary_change = {total: "7" if total.endswith("数") else "1.00"}
        bring_in(day)
        assert compare(session, day.day) == "differences"
        assert found(session, day.day) == [("wrong_totals", None)]


def test_a_file_that_is_issued_anew_is_compared_anew_and_its_fees_are_booked_by_the_difference(session):
    day = Day(session, payments=10)
    day.store()
    day.rows.append(day.rows[0] | {"微信订单号": "42009999"})
    bring_in(day, "first")
    compare(session)
    assert found(session) == [("missing_here", "42009999")]
    day.rows.pop()
    bring_in(day, "second")
    compare(session)
    assert found(session) == [("reissued", None)]
    assert found(session, status="gone") == [("missing_here", "42009999")]
    booked = {row.code: row.balance_fen for row in trial_balance(session)}
    assert booked["channel_fees"] == int(sum(Decimal(row["手续费"]) * 100 for row in day.rows))


def test_a_payment_over_midnight_is_a_cut_off_and_no_missing_row(session):
    late = Day(session, payments=5)
    late.store()
    moved = late.rows.pop(2)
    bring_in(late)
    assert compare(session) == "differences"
    assert found(session) == [("missing_there", moved["微信订单号"])]
    following = Day(session, payments=5, day=DAY + timedelta(days=1))
    following.store()
    following.rows.append(moved | {"交易时间": f"{following.day} 00:00:02"})
    bring_in(following)
    compare(session, following.day)
    assert found(session, following.day) == [("cut_off", moved["微信订单号"])]
    assert compare(session) == "explained"
    assert found(session, status="gone") == [("missing_there", moved["微信订单号"])]


def test_a_notice_that_comes_late_explains_its_row(session):
    day = Day(session, payments=3)
    unknown = day.rows.pop()
    day.store()
    day.rows.append(unknown)
    bring_in(day)
    compare(session)
    assert found(session) == [("missing_here", unknown["微信订单号"])]
    day.rows = [unknown]
    day.store()
    assert compare(session) == "explained"


def test_a_day_without_a_bill_waits_and_one_without_payments_is_explained(session):
    assert compare(session) == "waiting"
    take_in("wechat_trade", DAY, usecases.NOTHING, None)
    assert compare(session) == "explained"


def test_an_interrupted_load_begins_anew(session):
    day = Day(session, payments=8)
    day.store()
    import_id = usecases.open_import(session, channel="wechat_trade", day=DAY, digest="a")
    usecases.add_rows(session, import_id=import_id, rows=list(trade_bill(day.lines()))[:3])
    session.commit()
    assert compare(session) == "waiting"
    assert bring_in(day) == 8 and bring_in(day) == 0
    assert compare(session) == "explained"
    assert session.scalar(text("SELECT count(*) FROM bill_rows")) == 8


def test_the_rules_of_decisions_hold(session):
    broken = [one for one in invariants.verify(session) if not one.holds and one.invariant.code == "I11"]
    assert broken == []
