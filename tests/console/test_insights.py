"""Many decisions on one page: counts only, each picture with its figures."""

from __future__ import annotations

import math
import random
from datetime import timedelta

import pytest

from app.credit.domain.insights import Bin, Funnel, funnel, histogram, stability_index
from app.kernel import clock
from app.kernel.money import format_yuan
from tests.factories import credit, loans
from tests.factories.console import signed_in

PAGE = "/console/insights"


def test_the_page_counts_what_was_decided(client, session) -> None:
    for _ in range(2):
        credit.approved_application(session, credit.make_applicant(session))
    credit.decide(session, credit.open_application(session, credit.make_applicant(session)), court_listed=True)
    credit.open_application(session, credit.make_applicant(session))
    session.commit()
    signed_in(client, session, roles=["reviewer"])
    page = client.get(PAGE).text
    shown = [part.split("<")[0].strip() for part in page.split('<dd class="strong">')[1:]]
    assert shown[:5] == ["4", "3", "2", "0", "0"]
    assert "K04" in page and "66.7%" in page and "两边各要 100 件" in page
    english = client.get(f"{PAGE}?lang=en&product=no-such").text
    assert "the newest 3 decisions" in english and "No estimate has been followed" in english


def test_whoever_came_so_far_is_counted() -> None:
    approved = [(status, "approved") for status in ("expired", "closed", "drawn")]
    rows = [("submitted", None), ("declined", "declined"), *approved]
    assert funnel(rows) == Funnel(submitted=5, decided=4, approved=3, signed=2, drawn=1)


def test_bins_have_no_gaps() -> None:
    assert histogram([(559, False), (560, True), (601, True), (619, True)], cut_off=570) == [
        Bin(520, 0, 0), Bin(540, 0, 1), Bin(560, 1, 0), Bin(580, 0, 0), Bin(600, 2, 0), Bin(620, 0, 0),
    ]  # fmt: skip
    assert [one.from_score for one in histogram([(601, True)], cut_off=560)] == [540, 560, 580, 600, 620]
    assert histogram([], cut_off=560) == []


def test_the_index_is_zero_for_the_same_and_grows_with_the_distance() -> None:
    draw = random.Random(7)
    before = [round(draw.gauss(620, 40)) for _ in range(1_000)]
    assert stability_index(before, before) == pytest.approx(0, abs=1e-12)
    moved = [[score - by for score in before] for by in (10, 20, 40)]
    found = [stability_index(before, one) for one in moved]
    assert found == sorted(found) and found[0] < 0.1 and found[2] > 0.25
    assert stability_index(before, before[:99]) is None and stability_index(before[:99], before) is None


def test_the_index_by_hand() -> None:
    before = [score for score in range(10) for _ in range(10)]  # ten bins with a tenth each
    lately = [0] * 55 + [score for score in range(1, 10) for _ in range(5)]
    assert stability_index(before, lately) == pytest.approx(0.45 * math.log(5.5) + 9 * -0.05 * math.log(0.5))


def test_groups_and_vintages_have_pages(client, session) -> None:
    credit.approved_application(session, credit.make_applicant(session))
    session.commit()
    signed_in(client, session, roles=["reviewer"])
    page = client.get(f"{PAGE}/groups").text
    assert "法定代表人年龄" in page and "批发和零售业" in page and "不到 30 件" in page and "100.0%" in page
    empty = client.get(f"{PAGE}/vintages").text
    assert "近两年没有放款" in empty and "还不到一个月" in empty
    loan = loans.active_loan(session, loans.make_borrower(session), paid_out_at=clock.now() - timedelta(days=150))
    shown = client.get(f"{PAGE}/vintages?product={loan.product_code}&lang=en").text
    assert "<polyline" in shown and "100.00%" in shown and format_yuan(loan.principal_fen) in shown
