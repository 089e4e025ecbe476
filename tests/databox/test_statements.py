"""Statements in nine layouts, clean and spoilt: proven or refused, never a wrong sum."""

from __future__ import annotations

import random

import pytest

from app.databox.domain import readings, statements
from app.databox.domain.cells import amount_fen, day
from app.databox.domain.documents import REFUSALS, Unreadable
from tests.factories import documents as make


@pytest.mark.parametrize("layout", make.LAYOUTS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("written", ["utf-8", "utf-8-sig", "gb18030", "tabs", "xlsx"])
def test_a_clean_statement_is_read_to_the_fen(layout, written):
    flows, opening = make.flows_of(7)
    rows = layout(flows, opening)
    others = {"xlsx": make.as_workbook, "tabs": lambda rows: make.as_csv(rows, separator="\t")}
    answer = readings.read(others[written](rows) if written in others else make.as_csv(rows, written))
    assert "refused" not in answer, answer
    fields = answer["fields"]
    assert [flow["amount_fen"] for flow in fields["flows"]] == [moved for _, moved, _ in flows]
    assert [flow["on"] for flow in fields["flows"]] == [on for on, _, _ in flows]
    assert (fields["opening_fen"], fields["closing_fen"]) == (opening, flows[-1][2])


def test_of_clean_statements_at_least_95_of_100_are_accepted_and_none_is_wrong():
    accepted = 0
    for seed in range(300):
        flows, opening = make.flows_of(seed, random.Random(seed).randrange(1, 60))
        answer = readings.read(make.as_csv(make.LAYOUTS[seed % len(make.LAYOUTS)](flows, opening)))
        if "refused" not in answer:
            accepted += 1
            assert sum(flow["amount_fen"] for flow in answer["fields"]["flows"]) == sum(m for _, m, _ in flows)
    assert accepted >= 285


def spoil(rows: make.Table, dice: random.Random) -> None:
    """One thing that goes wrong with files: a digit, a lost row, a row twice, two rows exchanged, an empty cell."""
    table = [at for at, row in enumerate(rows) if len(row) > 2 and any(mark.isdigit() for mark in "".join(row))]
    at = dice.choice(table)
    kind = dice.randrange(5)
    if kind == 0:
        cells = [place for place, cell in enumerate(rows[at]) if "." in cell]
        place = dice.choice(cells)
        marks = list(rows[at][place])
        digit = dice.choice([spot for spot, mark in enumerate(marks) if mark.isdigit()])
        marks[digit] = str((int(marks[digit]) + dice.randrange(1, 10)) % 10)
        rows[at][place] = "".join(marks)
    elif kind == 1:
        del rows[at]
    elif kind == 2:
        rows.insert(at, list(rows[at]))
    elif kind == 3:
        other = dice.choice(table)
        rows[at], rows[other] = rows[other], rows[at]
    else:
        rows[at][dice.randrange(len(rows[at]))] = ""


def test_a_spoilt_statement_is_refused_or_right():
    """Whatever is accepted is a run of the true flows: a statement may end sooner, its sums are never wrong."""
    refused = 0
    for seed in range(1500):
        flows, opening = make.flows_of(seed, 12)
        rows = make.LAYOUTS[seed % len(make.LAYOUTS)](flows, opening)
        spoil(rows, random.Random(seed))
        answer = readings.read(make.as_csv(rows))
        if "refused" in answer:
            refused += 1
            assert answer["refused"] in REFUSALS
            continue
        found, true = [flow["amount_fen"] for flow in answer["fields"]["flows"]], [moved for _, moved, _ in flows]
        assert found == true[: len(found)], (seed, found, true)
        assert answer["fields"]["opening_fen"] == opening
        assert answer["fields"]["closing_fen"] == opening + sum(found)
        assert found == true or not answer["fields"]["closing_stated"]
    assert refused > 1000


def test_an_end_that_nobody_stated_is_said_to_be_so():
    flows, opening = make.flows_of(3)
    whole = statements.read(make.with_closing(flows, opening))
    assert whole.closing_stated and whole.closing_fen == flows[-1][2]
    with pytest.raises(Unreadable, match="closing_differs"):
        statements.read(make.with_closing(flows, opening)[:-1])
    cut = statements.read(make.plain_pair(flows, opening)[:-1])
    assert not cut.closing_stated and cut.closing_fen == flows[-2][2]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda rows: rows.pop(0), "opening_missing"),
        (lambda rows: rows[0].__setitem__(1, "1.00"), "balance_broken"),
        (lambda rows: rows.insert(0, ["期末余额", "1.00"]), "closing_differs"),
        (lambda rows: rows.insert(0, ["币种", "USD"]), "currency_not_cny"),
        (lambda rows: rows[1].__setitem__(4, "账户余额"), "header_ambiguous"),
        (lambda rows: rows[1].__setitem__(3, "什么"), "header_missing"),
        (lambda rows: rows[3].__setitem__(3, "=1+1"), "amount_unreadable"),
        (lambda rows: rows[3].__setitem__(0, "32/13/2026"), "date_unreadable"),
        (lambda rows: rows.__delitem__(slice(2, None)), "rows_missing"),
        (lambda rows: rows.append(["合计", "1.00", "1.00", ""]), "totals_differ"),
        (lambda rows: rows[3].__setitem__(3, ""), "row_unreadable"),
    ],
)
def test_each_refusal_has_its_reason(change, code):
    flows, opening = make.flows_of(3)
    rows = make.plain_pair(flows, opening)
    change(rows)
    with pytest.raises(Unreadable) as refused:
        statements.read(rows)
    assert refused.value.code == code


def test_amounts_are_exact_or_refused():
    right = {"1,234.50": 123450, "(12.30)": -1230, "¥0.07": 7, "１２.５": 1250, "-3": -300, "": None, "--": None}
    assert {text: amount_fen(text, "") for text in right} == right
    for wrong in ("1.005", "12,34.00", "1e3", "NaN", "$5", "1.2.3", "-(1.00)", "=A1", "1,23", "٣.00"):
        with pytest.raises(Unreadable):
            amount_fen(wrong, "")


def test_days_are_year_first_or_refused():
    for right in ("2026-02-03", "20260203", "2026/2/3", "2026年2月3日", "2026-02-03 10:11:12"):
        assert day(right, "").isoformat() == "2026-02-03"
    for wrong in ("03/02/2026", "2026-02-30", "202623", "26-02-03", "x", "2026-0203"):
        with pytest.raises(Unreadable):
            day(wrong, "")
