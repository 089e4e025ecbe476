"""Entering a rate that the market publishes: what is proposed is looked at, and an approved one holds from its day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.credit import queries as credit
from app.credit.usecases import publish_parameter
from app.engine.repricing import BENCHMARKS
from app.kernel import clock
from app.reconciliation.domain import kinds

_RATE = re.compile(r"([0-9]{1,2})(?:\.([0-9]{1,2}))? ?%?")


def details_of(form: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The subject and the details that a form asks for: benchmark, day, rate in per cent. Raises RateWrong."""
    found, name = _RATE.fullmatch(form.get("rate", "").strip()), form.get("benchmark", "")
    try:
        on = date.fromisoformat(form.get("published_on", "")[:10])
    except ValueError as error:
        raise kinds.RateWrong("Say on which day it was published.") from error
    if found is None or name not in BENCHMARKS:
        raise kinds.RateWrong("A rate in per cent with two decimals at most.")
    rate = Decimal(f"{found[1]}.{found[2] or 0}") / 100
    return f"{name}:{on}", {"benchmark": name, "published_on": on.isoformat(), "rate": str(rate)}


def check(session: Session, details: Mapping[str, Any] | None) -> None:
    """A known benchmark, a day that has come, no rate of that day yet. Raises RateWrong, RateKnown."""
    if not details or details.get("benchmark") not in BENCHMARKS:
        raise kinds.RateWrong("There is no such benchmark.")
    if date.fromisoformat(details["published_on"]) > clock.today():
        raise kinds.RateWrong("The day has not come.")
    if not 0 < Decimal(details["rate"]) < 1:
        raise kinds.RateWrong("The rate is out of range.")
    known = credit.published(session, [details["benchmark"]])
    if any(one.effective_from.isoformat() == details["published_on"] for one in known):
        raise kinds.RateKnown("A rate of this day is known.")


def publish(session: Session, details: Mapping[str, Any] | None, source: str) -> None:
    """The rate holds from the day on which it was published; loans that waited for it are repriced by the next run."""
    check(session, details)
    assert details is not None, "it was checked"
    publish_parameter(
        session, name=details["benchmark"], value=Decimal(details["rate"]),
        effective_from=date.fromisoformat(details["published_on"]), source=source,
    )  # fmt: skip
