"""A partner signs itself up in a test deployment, and its owners add and remove members."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel import clock, ids
from app.kernel.audience import PortalPrincipal
from app.partners import usecases as partners
from app.portal import domain
from app.portal.models import PortalMember, PortalSession
from app.portal.usecases.sign_in import HASHER, OpenedSession, open_session, record


@dataclass(frozen=True)
class Account:
    """A name that will do, and the hash of its password, made outside any transaction because it is slow."""

    login: str
    password_hash: str = field(repr=False)

    @classmethod
    def prepare(cls, login: str, password: str, role: str = domain.OWNER) -> Account:
        """Raises AccountMalformed."""
        return cls(domain.check_account(login, password, role), HASHER.hash(password))


def sign_up(session: Session, *, account: Account, company: str, mode: str) -> OpenedSession:
    """A partner with a publishable key and its first owner, signed in; nobody at the bank is asked.

    Such a partner exists in a test deployment only, where there is no money. Raises TestModeOnly, LoginTaken,
    AccountMalformed.
    """
    if mode != "test":
        raise domain.TestModeOnly("Live partners are admitted by the bank.")
    name = domain.check_company(company)
    code = f"sb-{ids.new_id().hex[-12:]}"
    actor = f"partner:portal:{account.login}"
    partner_id = partners.admit_partner(session, code=code, name=name, effective_from=clock.today(), actor=actor)
    partners.add_publishable_key(session, partner_id=partner_id, environment=mode, actor=actor)
    member = _add(session, partner_id, account, domain.OWNER)
    record(session, "portal.signed_up", member)
    return open_session(session, member)


def add_member(session: Session, *, asking: PortalPrincipal, account: Account, role: str) -> UUID:
    """Give somebody of the team an account. Raises LoginTaken, TooManyThings."""
    actor = session.get_one(PortalMember, asking.member_id)
    check_room(len(_team(session, asking.partner_id)), domain.MOST_MEMBERS)
    member = _add(session, asking.partner_id, account, role)
    record(session, "portal.add_member", member, actor)
    return member.id


def remove_member(session: Session, *, asking: PortalPrincipal, member_id: UUID) -> None:
    """The account and its sessions end now. Raises MemberUnknown, also for another partner's, and LastOwner."""
    team = _team(session, asking.partner_id)
    member = next((one for one in team if one.id == member_id), None)
    if member is None:
        raise domain.MemberUnknown("There is no such member.")
    if not any(one.role == domain.OWNER for one in team if one is not member):
        raise domain.LastOwner("Make somebody else an owner first.")
    member.removed_at = clock.now()
    for row in session.scalars(select(PortalSession).where(PortalSession.member_id == member.id)):
        row.revoked_at = row.revoked_at or clock.now()
    record(session, "portal.remove_member", member, session.get_one(PortalMember, asking.member_id))


def check_room(count: int, most: int) -> None:
    """Raises TooManyThings."""
    if count >= most:
        raise domain.TooManyThings(f"There are {most} at most; remove one first.", most=most)


def _team(session: Session, partner_id: UUID) -> list[PortalMember]:
    """Locked, so that two owners cannot remove each other at once."""
    query = select(PortalMember).where(PortalMember.partner_id == partner_id, PortalMember.removed_at.is_(None))
    return list(session.scalars(query.order_by(PortalMember.id).with_for_update()))


def _add(session: Session, partner_id: UUID, account: Account, role: str) -> PortalMember:
    member = PortalMember(
        id=ids.new_id(),
        partner_id=partner_id,
        login=account.login,
        password_hash=account.password_hash,
        role=role,
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(member)
    except IntegrityError as error:
        raise domain.LoginTaken("Somebody has this name already.") from error
    return member
