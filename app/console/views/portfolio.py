"""What became of loans by the month they began, and how groups of applicants fared: pictures with their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.console.views.insights import DAYS
from app.credit import queries as credit
from app.credit.domain.fairness import FOUR_FIFTHS, LEAST, Group
from app.kernel import clock
from app.loans import queries as loans
from app.loans.domain.vintages import LATE_DAYS, Vintage, by_quarter, vintages

WIDTH, HEIGHT = 600, 200  # of the drawing
LINES = 6  # quarters in it, the newest
NAMES = {
    "legal_rep_age": {"zh": "法定代表人年龄", "en": "Age of the legal representative"},
    "business_age_months": {"zh": "成立时间", "en": "Age of the business"},
    "region_code": {"zh": "登记地区", "en": "Region"},
    "industry_code": {"zh": "行业", "en": "Industry"},
}
AGES = (1, 2, 3, 6, 9, 12, 18, 24)  # columns of the table, months on book


def vintage_page(session: Session, code: str) -> dict[str, Any]:
    """The lines of the newest quarters and the table of months."""
    months = vintages(loans.first_lates(session, code, on=clock.today()), clock.today())
    quarters = [one for one in by_quarter(months) if len(one.late_fen) > 1][-LINES:]
    most_bps = max((one.late_bps(age) or 0 for one in quarters for age in range(len(one.late_fen))), default=0)
    top_bps = max(-(-most_bps // 100) * 100, 100)
    longest = max((len(one.late_fen) - 1 for one in quarters), default=1)
    oldest_age = max((len(one.late_fen) - 1 for one in months), default=0)
    ages = [age for age in AGES if age <= oldest_age]
    return {
        "late_days": LATE_DAYS,
        "lines": [_line(one, longest, top_bps) for one in quarters],
        "longest": longest,
        "top_bps": top_bps,
        "drawing": {"width": WIDTH, "height": HEIGHT},
        "ages": ages,
        "rows": [_row(one, ages) for one in reversed(months)],
    }


def _line(one: Vintage, longest: int, top_bps: int) -> dict[str, Any]:
    shares = [one.late_bps(age) or 0 for age in range(len(one.late_fen))]
    points = [f"{age * WIDTH // longest},{HEIGHT - bps * HEIGHT // top_bps}" for age, bps in enumerate(shares)]
    return {"name": _quarter(one.begins_on), "points": " ".join(points), "last_bps": shares[-1]}


def _quarter(begins_on: date) -> Mapping[str, str]:
    number = (begins_on.month + 2) // 3
    return {"zh": f"{begins_on.year} 年第 {number} 季度", "en": f"Q{number} {begins_on.year}"}


def _row(one: Vintage, ages: Sequence[int]) -> dict[str, Any]:
    return {
        "month": one.begins_on,
        "loans": one.loans,
        "principal_fen": one.principal_fen,
        "cells": [one.late_bps(age) for age in ages],
    }


def fairness_page(session: Session, code: str) -> dict[str, Any]:
    """Approval rates by trait, each group beside the one that fares best."""
    found = credit.fairness(session, code, since=clock.now() - timedelta(days=DAYS))
    return {
        "days": DAYS,
        "least": LEAST,
        "views": [
            {"name": NAMES[one.trait], "groups": [_group(group) for group in one.groups]}
            for one in found
        ],
    }


def _group(group: Group) -> dict[str, Any]:
    low = group.ratio is not None and group.ratio < FOUR_FIFTHS
    return {
        "name": group.name.as_json(),
        "approved": group.approved,
        "decided": group.approved + group.declined,
        "rate": f"{group.rate * 100:.1f}%",
        "width": round(group.rate * 1_000),
        "tone": "hollow" if group.ratio is None else "warn" if low else "ok",
        "ratio": None if group.ratio is None else f"{group.ratio:.2f}",
    }
