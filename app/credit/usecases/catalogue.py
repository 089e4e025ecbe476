"""New versions of products and rules: proposed by one person, tried on past decisions, decided by another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.credit.domain import proposals as domain
from app.credit.domain.copy_linter import check_copy
from app.credit.domain.decisions import decide
from app.credit.domain.offers import check_uplifts
from app.credit.domain.parameters import NAMES
from app.credit.domain.products import ProductTerms
from app.credit.domain.proposals import OwnProposal, ProposalExists, ProposalUnknown, Tried
from app.credit.domain.rules import RuleSet, RuleSetMalformed
from app.credit.models import CatalogueProposal, Decision, ProductVersion, RegulatedParameter, RuleSetVersion
from app.credit.queries.catalogue import challengers, parameters, product, product_version, rule_set_version
from app.credit.queries.decisions import read_case
from app.kernel import audit, clock, ids
from app.kernel.states import transition

TRIED_MOST = 1_000  # the newest decisions; a what-if takes seconds, not minutes


def propose(
    session: Session,
    *,
    kind: str,
    product_code: str,
    version: str,
    body: Mapping[str, Any],
    effective_from: date,
    source: str,
    proposed_by: str,
    share_bps: int = domain.WHOLE_BPS,
) -> UUID:
    """Propose a version; checked as a whole before anybody looks. `share_bps` below 10000: rules as a challenger.

    Raises ProductMalformed, RuleSetMalformed, UpliftOutOfRange, ForbiddenPromise, ShareTooLarge, DayOver,
    ProposalExists.
    """
    row = CatalogueProposal(
        id=ids.new_id(),
        kind=kind,
        product_code=product_code,
        version=version,
        body=dict(body),
        effective_from=effective_from,
        source=source,
        share_bps=share_bps,
        status="proposed",
        proposed_by=proposed_by,
        proposed_at=clock.now(),
    )
    _check(session, row)
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:
        raise ProposalExists("This version was proposed before.") from error
    _record(session, row, "proposal.made", proposed_by)
    return row.id


def try_on_the_past(session: Session, *, proposal_id: UUID) -> dict[str, int]:
    """What the proposal would have done to the newest decisions on its product; kept with the proposal.

    Raises ProposalUnknown.
    """
    row = _hold(session, proposal_id)
    row.what_if, row.what_if_at = domain.what_if(_tried(session, row)), clock.now()
    session.flush()
    return dict(row.what_if)


def approve(session: Session, *, proposal_id: UUID, decided_by: str, note: str) -> None:
    """Put the version into force from its day on; twice is refused as any second decision.

    Raises ProposalUnknown, OwnProposal, WhatIfMissing, DayOver, NotAllowedNow, and what `propose` raises: what was
    right when it was proposed may not be any more.
    """
    row = _hold(session, proposal_id)
    if row.proposed_by == decided_by:
        raise OwnProposal("Another person must decide.")
    if row.what_if is None:
        raise domain.WhatIfMissing("First look at what it would have done to past applications.")
    _check(session, row)
    _decide(session, row, "approve", decided_by, note)
    version: dict[str, Any] = {
        "version": row.version,
        "body": row.body,
        "effective_from": row.effective_from,
        "effective_to": None,
        "source": row.source,
        "proposal_id": row.id,
    }
    if row.kind == "product":
        session.add(ProductVersion(code=row.product_code, **version))
    else:
        session.add(RuleSetVersion(product_code=row.product_code, share_bps=row.share_bps, **version))
    session.flush()


def reject(session: Session, *, proposal_id: UUID, decided_by: str, note: str) -> None:
    """Put a proposal aside. Raises ProposalUnknown, OwnProposal, NotAllowedNow."""
    row = _hold(session, proposal_id)
    if row.proposed_by == decided_by:
        raise OwnProposal("Another person must decide.")
    _decide(session, row, "reject", decided_by, note)


def end_challenger(session: Session, *, version: str, on: date, actor: str) -> None:
    """From a day on a challenger decides on nobody any more; who was decided by it keeps its decision."""
    row = session.scalars(
        select(RuleSetVersion).where(RuleSetVersion.version == version, RuleSetVersion.share_bps < domain.WHOLE_BPS)
    ).one_or_none()
    if row is None:
        raise ProposalUnknown("There is no such challenger.")
    row.effective_to = on
    session.flush()
    audit.record(
        session,
        actor_kind="staff",
        actor_id=actor,
        action="challenger.ended",
        subject_kind="rule_set_version",
        subject_id=row.id,
    )


def publish_parameter(session: Session, *, name: str, value: Decimal, effective_from: date, source: str) -> None:
    """A regulated number from a day on; the rows before it stay for the days on which they held."""
    if name not in NAMES or not source.strip():
        raise ValueError("a known name and a source are needed")
    session.add(
        RegulatedParameter(name=name, value=value, effective_from=effective_from, effective_to=None, source=source)
    )
    session.flush()


def _check(session: Session, row: CatalogueProposal) -> None:
    if row.effective_from < clock.today():
        raise domain.DayOver("The day on which it would come into force is over.")
    check_copy(row.body)
    if row.kind == "product":
        if row.share_bps != domain.WHOLE_BPS:
            raise domain.ShareTooLarge("A product is offered to everybody or to nobody.")
        terms = ProductTerms.parse(row.product_code, row.version, row.body)
        check_uplifts(terms, parameters(session, on=row.effective_from))
        return
    rules = RuleSet.parse(row.body)
    terms_months = product(session, row.product_code, on=row.effective_from).terms.terms_months
    if unpriced := set(terms_months) - rules.price.term_bps.keys():
        raise RuleSetMalformed(f"The rules have no price for {sorted(unpriced)} months.")
    _check_share(session, row)


def _check_share(session: Session, row: CatalogueProposal) -> None:
    if row.share_bps == domain.WHOLE_BPS:
        return
    others = sum(share for _, share in challengers(session, row.product_code, on=row.effective_from))
    if others + row.share_bps > domain.CHALLENGERS_MOST_BPS:
        raise domain.ShareTooLarge("Challengers would decide on more than half.", others_bps=others)


def _tried(session: Session, row: CatalogueProposal) -> Iterator[Tried]:
    newest = (
        select(Decision)
        .join(ProductVersion, ProductVersion.id == Decision.product_version_id)
        .where(ProductVersion.code == row.product_code)
        .order_by(Decision.decided_at.desc(), Decision.id)
        .limit(TRIED_MOST)
    )
    new_rules = RuleSet.parse(row.body) if row.kind == "rules" else None
    new_terms = ProductTerms.parse(row.product_code, row.version, row.body) if row.kind == "product" else None
    for decision in session.scalars(newest):
        case = read_case(decision)
        rules = rule_set_version(session, decision.rule_set_version_id).rules
        terms = product_version(session, decision.product_version_id).terms
        before = decide(case, rules, terms)
        applies = new_terms is None or (
            case.term_months in new_terms.terms_months
            and case.method in new_terms.methods
            and set(new_terms.terms_months) <= rules.price.term_bps.keys()
        )
        yield Tried(before, decide(case, new_rules or rules, new_terms or terms) if applies else None)


def _decide(session: Session, row: CatalogueProposal, event: str, decided_by: str, note: str) -> None:
    transition(session, row, domain.PROPOSAL_STATES, event, actor=decided_by)
    row.decided_by, row.decided_at, row.note = decided_by, clock.now(), note
    _record(session, row, f"proposal.{event}", decided_by, note)


def _hold(session: Session, proposal_id: UUID) -> CatalogueProposal:
    row = session.get(CatalogueProposal, proposal_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise ProposalUnknown("There is no such proposal.")
    return row


def _record(session: Session, row: CatalogueProposal, action: str, actor: str, reason: str | None = None) -> None:
    kind, _, name = actor.partition(":")
    audit.record(
        session,
        actor_kind=kind,
        actor_id=name or kind,
        action=action,
        subject_kind="catalogue_proposal",
        subject_id=row.id,
        reason=reason,
        facts={"kind": row.kind, "product": row.product_code, "version": row.version},
    )
    session.flush()
