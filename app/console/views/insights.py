"""Decisions of the last quarter as pictures with their tables: funnel, reasons, scores, and the rules side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.credit import queries as credit
from app.credit.domain.insights import BIN_POINTS, LEAST_FOR_PSI, PSI_ACT, PSI_WATCH, Bin
from app.credit.domain.products import ProductUnknown
from app.kernel import clock

DAYS, LATELY_DAYS = 90, 30
WIDTH, HEIGHT = 600, 160  # of the histogram's drawing


def chosen(session: Session, asked: str | None) -> dict[str, Any]:
    """The product a page is about, the one asked for or the first, among those offered. Raises ProductUnknown."""
    codes = [one.terms.code for one in credit.products(session, on=clock.today())]
    if not codes:
        raise ProductUnknown("No product is offered today.")
    return {"codes": codes, "code": asked if asked in codes else codes[0]}


def quarter(session: Session, code: str) -> dict[str, Any]:
    """The pictures of one product."""
    since = clock.now() - timedelta(days=DAYS)
    cut_off = credit.rule_set(session, code, on=clock.today()).rules.scorecard.cut_off
    found = credit.insights(session, code, since=since, lately=timedelta(days=LATELY_DAYS), cut_off=cut_off)
    return {
        "days": DAYS,
        "lately_days": LATELY_DAYS,
        "found": found,
        "steps": _steps(found.funnel),
        "most_reasons": max((one.count for one in found.reasons), default=1),
        "columns": _columns(found.bins),
        "cut_off": cut_off,
        "cut_off_at": _place(found.bins, cut_off),
        "drawing": {"width": WIDTH, "height": HEIGHT},
        "stability": _stability(found.stability),
        "least": LEAST_FOR_PSI,
        "bin_points": BIN_POINTS,
        "arms": credit.arms(session, code, since=since),
        "honoured": credit.honoured(session, since=since),
    }


def _steps(funnel: Any) -> list[dict[str, Any]]:
    """Each step with its share of those who applied, in tenths of a per cent for the bar."""
    whole = funnel.submitted or 1
    return [{"name": name, "count": count, "width": count * 1_000 // whole} for name, count in vars(funnel).items()]


def _columns(bins: Sequence[Bin]) -> list[dict[str, int]]:
    """Where the two parts of each column stand in the drawing; refusals stand on approvals."""
    highest = max((one.approved + one.declined for one in bins), default=1)
    step = WIDTH // max(len(bins), 1)
    columns = []
    for place, one in enumerate(bins):
        approved, declined = one.approved * HEIGHT // highest, one.declined * HEIGHT // highest
        heights = {"ok_y": HEIGHT - approved, "ok_h": approved, "no_y": HEIGHT - approved - declined, "no_h": declined}
        columns.append({"x": place * step, "w": max(step - 2, 1), **heights})
    return columns


def _place(bins: Sequence[Bin], score: int) -> int | None:
    """Where a score stands in the drawing; None outside of it."""
    if not bins:
        return None
    step = WIDTH // len(bins)
    at = (score - bins[0].from_score) * step // BIN_POINTS
    return at if 0 <= at <= step * len(bins) else None


def _stability(index: float | None) -> dict[str, Any]:
    if index is None:
        return {"tone": "hollow", "index": None}
    tone = "ok" if index < PSI_WATCH else "warn" if index < PSI_ACT else "bad"
    return {"tone": tone, "index": f"{index:.3f}"}
