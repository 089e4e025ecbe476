"""What comes back to a credit line: reservations let go, principal repaid, and repayments taken back."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlalchemy import BigInteger, Uuid, bindparam, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from app.credit.models import CreditLine
from app.credit.usecases.lines import find_line, mismatch, moved, positive
from app.kernel import clock, ids

GIVE_BACK = text((Path(__file__).parent / "give_back.sql").read_text(encoding="utf-8")).bindparams(
    bindparam("application_id", type_=Uuid),
    bindparam("reserved_fen", type_=BigInteger),
    bindparam("used_fen", type_=BigInteger),
)


def release_reserved(session: Session, *, line_id: UUID, amount_fen: int, application_id: UUID | None = None) -> None:
    """The drawdown did not happen. Raises LineMismatch, LineUnknown."""
    positive(amount_fen)
    _give_back(session, line_id, "release", application_id, reserved_fen=amount_fen)


def repay_line(session: Session, *, line_id: UUID, principal_fen: int, application_id: UUID | None = None) -> None:
    """Repaid principal can be drawn again; nothing happens for 0. Raises LineMismatch, LineUnknown."""
    if principal_fen:
        positive(principal_fen)
        _give_back(session, line_id, "repay", application_id, used_fen=principal_fen)


def owe_again(session: Session, *, line_id: UUID, principal_fen: int, application_id: UUID | None = None) -> None:
    """A repayment was taken back: its principal is owed on the line again, whatever has become of the line since.

    Where the part that was free has been drawn meanwhile, the limit is raised to what is out, as where a line is
    granted anew: nothing becomes free by it. Raises LineUnknown.
    """
    positive(principal_fen)
    row = session.get(CreditLine, line_id, with_for_update=True, populate_existing=True) or find_line(session, line_id)
    beyond_fen = max(0, row.reserved_fen + row.used_fen + principal_fen - row.limit_fen)
    row.limit_fen += beyond_fen
    row.used_fen += principal_fen
    session.flush()
    moved(session, line_id, "repay_back", application_id, limit_fen=beyond_fen, used_fen=principal_fen, known=True)


def _give_back(
    session: Session,
    line_id: UUID,
    kind: str,
    application_id: UUID | None,
    *,
    reserved_fen: int = 0,
    used_fen: int = 0,
) -> None:
    """One statement; it waits for nobody but who changes this line or draws for this customer."""
    session.flush()
    found = session.execute(
        GIVE_BACK,
        {
            "line_id": line_id,
            "move_id": ids.new_id(),
            "kind": kind,
            "application_id": application_id,
            "reserved_fen": reserved_fen,
            "used_fen": used_fen,
            "now": clock.now(),
        },
    ).one_or_none()
    if found is None:
        mismatch(session, line_id, kind)
    if known := session.identity_map.get(identity_key(CreditLine, line_id)):
        session.expire(known)
