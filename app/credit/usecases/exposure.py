"""What is out in all to a customer, partner, product or region: counted with every draw, never beyond its limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.credit.domain.lines import ExposureLimitReached
from app.credit.models import CreditLine, ExposureCounter, ExposureLimit, ExposureReturn
from app.credit.queries.exposure import exposure_limits
from app.kernel import clock, ids

COUNT_RETURNS = text((Path(__file__).parent / "count_returns.sql").read_text(encoding="utf-8"))
KINDS = ("customer", "partner", "product", "region")  # locked in this order by everybody: no ring of waiting


def keys_of(line: CreditLine, partner_id: UUID | None) -> dict[str, str]:
    """Under which keys a draw on this line counts; the customer is the business that owes."""
    keys = {"customer": str(line.enterprise_id), "product": line.product_code, "region": line.region_code}
    return {**keys, "partner": str(partner_id)} if partner_id else keys


def count_exposure(session: Session, keys: Mapping[str, str], drawn_fen: int, *, known: bool = False) -> None:
    """Add a draw to every counter; one statement each, so that the limit holds however many draw at once.

    What is a fact already (`known`: a repayment was taken back) is never refused. Raises ExposureLimitReached with the
    kind, and changes nothing then: the caller's transaction ends.
    """
    limits = {} if known else exposure_limits(session, on=clock.today(), keys=keys)
    for kind in KINDS:
        if kind in keys:
            _count(session, kind, keys[kind], drawn_fen, limits.get(kind))


def _count(session: Session, kind: str, key: str, drawn_fen: int, limit_fen: int | None) -> None:
    change = update(ExposureCounter).where(ExposureCounter.kind == kind, ExposureCounter.key == key)
    if limit_fen is not None:
        change = change.where(ExposureCounter.held_fen + drawn_fen <= limit_fen)
    change = (
        change.values(held_fen=ExposureCounter.held_fen + drawn_fen)
        .returning(ExposureCounter.id)
        .execution_options(synchronize_session=False)
    )
    if session.execute(change).first() is not None:
        return
    made = insert(ExposureCounter).values(id=ids.new_id(), kind=kind, key=key, held_fen=0)
    session.execute(made.on_conflict_do_nothing(index_elements=["kind", "key"]))
    count_returns(session, kind=kind, key=key)  # what was given back meanwhile makes room
    if session.execute(change).first() is None:
        raise ExposureLimitReached("The bank lends no more of this kind for now.", kind=kind)


def waiting_returns(session: Session) -> list[tuple[str, str]]:
    """The keys under which something was given back that their counters do not show yet."""
    query = select(ExposureReturn.kind, ExposureReturn.key).distinct().order_by(ExposureReturn.kind, ExposureReturn.key)
    return [(kind, key) for kind, key in session.execute(query)]


def count_returns(session: Session, *, kind: str, key: str) -> None:
    """Take what was given back under one key out of its counter; again it changes nothing.

    The counter is held before the rows are looked for, so that of two who count one finds what the other left.
    """
    counter = select(ExposureCounter.id).where(ExposureCounter.kind == kind, ExposureCounter.key == key)
    session.execute(counter.with_for_update())
    session.execute(COUNT_RETURNS, {"kind": kind, "key": key})


def set_exposure_limit(
    session: Session, *, kind: str, key: str, limit_fen: int, effective_from: date, source: str
) -> None:
    """A limit from a day on; `*` for every key without its own. The rows before it stay for their days."""
    if kind not in KINDS or limit_fen < 0 or not source.strip():
        raise ValueError("a known kind, an amount and a source are needed")
    earlier = select(ExposureLimit).where(
        ExposureLimit.kind == kind, ExposureLimit.key == key, ExposureLimit.effective_to.is_(None)
    )
    for row in session.scalars(earlier):
        if row.effective_from < effective_from:
            row.effective_to = effective_from
    session.add(
        ExposureLimit(
            kind=kind, key=key, limit_fen=limit_fen, effective_from=effective_from, effective_to=None, source=source
        )
    )
    session.flush()
