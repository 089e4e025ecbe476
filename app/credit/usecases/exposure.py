"""What is out in all to a customer, partner, merchant, product or region: counted with every draw, within its limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.credit.domain.lines import ExposureLimitReached
from app.credit.models import CreditLine, CreditLineMove, ExposureCounter, ExposureLimit, ExposureReturn
from app.credit.queries.exposure import exposure_limits, held_fen
from app.kernel import clock, ids

COUNT_RETURNS = text((Path(__file__).parent / "count_returns.sql").read_text(encoding="utf-8"))
# locked in this order by everybody: no ring of waiting
KINDS = ("customer", "partner", "merchant", "product", "region")
DAY = "partner_day"  # what may be drawn through a partner on one day; counted from the moves, so it has no counter
LIMIT_KINDS = (*KINDS, DAY)


def keys_of(line: CreditLine, partner_id: UUID | None, merchant_id: UUID | None = None) -> dict[str, str]:
    """Under which keys a draw on this line counts; the customer is the business that owes."""
    keys = {"customer": str(line.enterprise_id), "product": line.product_code, "region": line.region_code}
    through = {"partner": partner_id, "merchant": merchant_id}
    return keys | {kind: str(found) for kind, found in through.items() if found}


def _limits(session: Session, keys: Mapping[str, str]) -> dict[str, int]:
    """Limits on merchants and on days are set for a partner and hold for each of its merchants and days."""
    of_partner = {kind: keys["partner"] for kind in ("merchant", DAY) if "partner" in keys}
    return exposure_limits(session, on=clock.today(), keys={**keys, **of_partner})


def check_room(session: Session, *, partner_id: UUID, merchant_id: UUID | None, amount_fen: int) -> None:
    """Whether this much could be drawn through a partner now. A look, no promise: the draw itself holds the limits.

    Raises ExposureLimitReached.
    """
    keys = {"partner": str(partner_id)} | ({"merchant": str(merchant_id)} if merchant_id else {})
    limits = _limits(session, keys)
    for kind, key in keys.items():
        if kind in limits and held_fen(session, kind=kind, key=key) + amount_fen > limits[kind]:
            raise ExposureLimitReached("The bank lends no more of this kind for now.", kind=kind)
    if DAY in limits:
        _check_day(session, keys["partner"], limits[DAY] - amount_fen)


def _check_day(session: Session, partner_id: str, limit_fen: int) -> None:
    """What was reserved today through a partner; whoever draws holds the partner's counter, so nobody else adds."""
    begin = datetime.combine(clock.today(), time(), clock.CHINA)
    drawn = select(func.coalesce(func.sum(CreditLineMove.reserved_fen), 0)).where(
        CreditLineMove.partner_id == UUID(partner_id),
        CreditLineMove.moved_at >= begin,
        CreditLineMove.kind == "reserve",
    )
    if int(session.scalar(drawn) or 0) > limit_fen:
        raise ExposureLimitReached("The bank lends no more through this partner today.", kind=DAY)


def count_exposure(session: Session, keys: Mapping[str, str], drawn_fen: int, *, known: bool = False) -> None:
    """Add a draw to every counter; one statement each, so that the limit holds however many draw at once.

    What is a fact already (`known`: a repayment was taken back) is never refused. Raises ExposureLimitReached with the
    kind, and changes nothing then: the caller's transaction ends.
    """
    limits = {} if known else _limits(session, keys)
    for kind in KINDS:
        if kind in keys:
            _count(session, kind, keys[kind], drawn_fen, limits.get(kind))
    if DAY in limits:
        _check_day(session, keys["partner"], limits[DAY])


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
    """A limit from a day on; `*` for every key without its own. The rows before it stay for their days.

    Limits on merchants and on a day's draws have the partner as their key. Of several for one day the last one counts.
    """
    if kind not in LIMIT_KINDS or limit_fen < 0 or not source.strip():
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
