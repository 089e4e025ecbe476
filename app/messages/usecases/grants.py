"""What users allow: a tap is claimed by the client, confirmed by WeChat's event, spent by a message."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.customers import queries as customers
from app.kernel import clock, ids
from app.messages.domain import delivery
from app.messages.models import MessageCredit


def claim_grants(
    session: Session, *, customer_id: UUID, channel: str, accepted: Iterable[str], rejected: Iterable[str]
) -> None:
    """What the client says the user tapped, by kinds. Raises NotInMiniProgram."""
    identity = customers.wechat_identity(session, customer_id=customer_id, app="mini")
    if channel != "mini" or identity is None:
        raise delivery.NotInMiniProgram("Ask in the mini-program.")
    for kind in accepted:
        count(session, identity_id=identity.identity_id, kind=kind, claimed=1)
    for kind in rejected:
        refuse(session, identity_id=identity.identity_id, kind=kind, for_good=False)


def count(session: Session, *, identity_id: UUID, kind: str, claimed: int = 0, confirmed: int = 0) -> None:
    """One more tap on "allow", told by the client or by WeChat."""
    now = clock.now()
    row = {"id": ids.new_id(), "wechat_identity_id": identity_id, "kind": kind, "spent": 0, "updated_at": now}
    made = insert(MessageCredit).values(**row, claimed=claimed, confirmed=confirmed)
    more = {
        "claimed": MessageCredit.claimed + claimed,
        "confirmed": MessageCredit.confirmed + confirmed,
        "refused_at": None,
        "updated_at": now,
    }
    session.execute(made.on_conflict_do_update(index_elements=["wechat_identity_id", "kind"], set_=more))


def refuse(session: Session, *, identity_id: UUID, kind: str, for_good: bool) -> None:
    """The user refused; in the settings (`for_good`) what was granted before ends too."""
    row = _locked(session, identity_id, kind)
    if row is not None:
        row.refused_at = row.updated_at = clock.now()
        if for_good:
            row.spent = max(row.claimed, row.confirmed)


def allow_again(session: Session, *, identity_id: UUID, kind: str) -> None:
    """The user took the refusal back in the settings; that grants no message yet."""
    row = _locked(session, identity_id, kind)
    if row is not None:
        row.refused_at, row.updated_at = None, clock.now()


def spend(session: Session, *, identity_id: UUID, kind: str) -> bool:
    """Take one grant before the message goes out; false when none is left."""
    row = _locked(session, identity_id, kind)
    if row is None or delivery.left(row.claimed, row.confirmed, row.spent) < 1:
        return False
    row.spent += 1
    row.updated_at = clock.now()
    return True


def give_back(session: Session, *, identity_id: UUID, kind: str) -> None:
    """The message certainly did not go out: its grant is still there."""
    row = _locked(session, identity_id, kind)
    if row is not None:
        row.spent, row.updated_at = max(0, row.spent - 1), clock.now()


def used_up(session: Session, *, identity_id: UUID, kind: str) -> None:
    """WeChat says that nothing is left (43101): whatever we counted, it is right."""
    refuse(session, identity_id=identity_id, kind=kind, for_good=True)


def _locked(session: Session, identity_id: UUID, kind: str) -> MessageCredit | None:
    query = select(MessageCredit).where(MessageCredit.wechat_identity_id == identity_id, MessageCredit.kind == kind)
    return session.scalar(query.with_for_update())
