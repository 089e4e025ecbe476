"""Estimates: asked for, worked out once registry and tax have answered, worked out again from the record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.credit import events
from app.credit.domain import estimates as domain
from app.credit.domain.applications import SOURCE_WAITS_S, NotAllowedToApply, wait_after
from app.credit.domain.cases import Case, digest, same_decision
from app.credit.domain.collecting import Known
from app.credit.domain.estimates import ESTIMATE_STATES, EstimateUnknown, Stated, TooManyEstimates
from app.credit.models import Estimate, EstimateSource
from app.credit.queries.catalogue import parameters, product, product_version, rule_set_version, rules_for
from app.credit.queries.estimates import EstimateView, view
from app.credit.queries.lines import earlier_loans, own_exposure
from app.credit.usecases.applications import valid_until
from app.credit.usecases.decisions import reports_of
from app.credit.usecases.lines import hold_enterprise
from app.credit.usecases.sources import SOURCE_CONSENTS, Question
from app.customers.domain.people import NotAMember
from app.customers.queries import enterprise, granted, membership, person
from app.customers.usecases import require_consents
from app.kernel import clock, ids, jobs
from app.kernel.outbox import emit
from app.kernel.states import transition

DAY = timedelta(days=1)


def open_estimate(
    session: Session, *, estimate_id: UUID, customer_id: UUID, enterprise_id: UUID, product_code: str, stated: Stated
) -> EstimateView:
    """Ask for an estimate, get-or-create by its id; it is worked out by itself, without asking the bureau.

    Raises NotAMember, NotAllowedToApply, ConsentMissing, ProductUnknown, TooManyEstimates.
    """
    if known := session.get(Estimate, estimate_id):
        return view(known)
    link = membership(session, customer_id=customer_id, enterprise_id=enterprise_id)
    if link is None:
        raise NotAMember("You do not act for such an enterprise.")
    if link.role != "legal_rep":
        raise NotAllowedToApply("Only the legal representative can ask what the enterprise may borrow.")
    kinds = domain.CONSENT_KINDS
    consents = require_consents(session, customer_id=customer_id, enterprise_id=enterprise_id, kinds=kinds)
    product(session, product_code, on=clock.today())
    _check_number(session, enterprise_id)
    row = Estimate(
        id=estimate_id,
        customer_id=customer_id,
        enterprise_id=enterprise_id,
        product_code=product_code,
        status="collecting",
        attempt=0,
        stated=asdict(stated),
        low_fen=0,
        high_fen=0,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    session.add_all(_source(row, source, consents[SOURCE_CONSENTS[source]].consent_id) for source in domain.SOURCES)
    emit(session, events.EstimateRequested(subject_id=row.id, customer_id=customer_id))
    session.flush()
    return view(row)


def _check_number(session: Session, enterprise_id: UUID) -> None:
    hold_enterprise(session, enterprise_id)
    since = clock.now() - DAY
    count, oldest = session.execute(
        select(func.count(), func.min(Estimate.created_at)).where(
            Estimate.enterprise_id == enterprise_id, Estimate.created_at > since
        )
    ).one()
    if count >= domain.A_DAY:
        wait_s = int((oldest - since).total_seconds()) + 1
        raise TooManyEstimates("This business has asked often enough today.", retry_after_s=wait_s)


def _source(row: Estimate, source: str, consent_id: UUID) -> EstimateSource:
    source_id = ids.new_id()
    return EstimateSource(
        id=source_id,
        estimate_id=row.id,
        source=source,
        query_no=ids.outside_number("QR", source_id),
        consent_id=consent_id,
        state="asked",
        asked_at=clock.now(),
    )


def open_estimate_questions(session: Session, *, estimate_id: UUID, attempt: int) -> Sequence[Question] | None:
    """The questions that are not answered yet; None when this try is not due (any more).

    A consent that was withdrawn meanwhile ends the estimate.
    """
    row = _hold(session, estimate_id)
    if row.status not in ("collecting", "waiting_data") or row.attempt != attempt:
        return None
    kinds = domain.CONSENT_KINDS
    given = granted(session, customer_id=row.customer_id, enterprise_id=row.enterprise_id, kinds=kinds)
    if len(given) < len(kinds):
        transition(session, row, ESTIMATE_STATES, "give_up", actor="consent_withdrawn")
        return None
    uscc = enterprise(session, row.enterprise_id).uscc
    return [
        Question(one.id, one.source, one.query_no, str(one.consent_id), name="", id_no="", uscc=uscc)
        for one in _sources(session, row)
        if one.state == "asked"
    ]


def keep_estimate_answer(session: Session, *, source_id: UUID, report: dict[str, Any] | None) -> None:
    """Keep what a source answered, None where it knows no such subject; the first answer stands."""
    row = session.get_one(EstimateSource, source_id, with_for_update=True)
    if row.state == "asked":
        row.state = "nothing" if report is None else "answered"
        row.report = None if report is None else json.dumps(report, ensure_ascii=False)
        row.answered_at = clock.now()


def settle_estimate(session: Session, *, estimate_id: UUID, attempt: int) -> None:
    """Work it out if every source has answered; else try again later, and give up after the last try."""
    row = _hold(session, estimate_id)
    if row.status not in ("collecting", "waiting_data") or row.attempt != attempt:
        return
    sources = _sources(session, row)
    if any(one.state == "asked" for one in sources):
        _wait(session, row)
        return
    _quote(session, row, sources)


def _wait(session: Session, row: Estimate) -> None:
    if row.attempt + 1 >= len(SOURCE_WAITS_S):
        transition(session, row, ESTIMATE_STATES, "give_up", actor="source_down")
        return
    if row.status == "collecting":
        transition(session, row, ESTIMATE_STATES, "source_down")
    row.attempt += 1
    jobs.enqueue(
        session,
        "credit.estimate_again",
        lock=f"credit.estimate:{row.id}",
        after=wait_after(row.attempt - 1),
        estimate_id=row.id,
        attempt=row.attempt,
    )


def _quote(session: Session, row: Estimate, sources: Sequence[EstimateSource]) -> None:
    today = clock.today()
    rules = rules_for(session, row.product_code, on=today, enterprise_id=row.enterprise_id)
    offered, numbers = product(session, row.product_code, on=today), parameters(session, on=today)
    who = person(session, row.customer_id)
    known = Known(
        person_name=who.name or "",
        person_id_no=who.id_no or "",
        own_exposure_fen=own_exposure(session, enterprise_id=row.enterprise_id, but_application=row.id),
        earlier_loans=earlier_loans(session, enterprise_id=row.enterprise_id),
    )
    bounds = {"lpr_1y": numbers["lpr_1y"], "all_in_cap": numbers["all_in_cap"]}
    best, cautious = domain.cases(
        reports_of(sources), known, Stated(**row.stated), offered.terms, on=today, **bounds
    )
    found = domain.estimate(best, cautious, rules.rules, offered.terms)
    row.inputs = {"assumptions": domain.ASSUMPTIONS, "best": best.as_json(), "cautious": cautious.as_json()}
    row.outcome = found.as_json()
    row.digest = digest(row.inputs, rules.version, offered.terms.version, row.outcome)
    row.rule_set_version_id, row.product_version_id = rules.version_id, offered.version_id
    row.low_fen, row.high_fen = found.low_fen, found.high_fen
    row.quoted_at, row.valid_until = clock.now(), valid_until(offered.terms.offer_valid_days)
    transition(session, row, ESTIMATE_STATES, "quote" if found.high_fen else "refuse")


def recompute_estimate(session: Session, estimate_id: UUID) -> bool:
    """Whether the stored inputs under the stored versions give the stored range again."""
    row = session.get_one(Estimate, estimate_id)
    assert row.inputs and row.rule_set_version_id and row.product_version_id
    rules = rule_set_version(session, row.rule_set_version_id)
    terms = product_version(session, row.product_version_id).terms
    best, cautious = Case.read(row.inputs["best"]), Case.read(row.inputs["cautious"])
    again = domain.estimate(best, cautious, rules.rules, terms)
    figures = (again.low_fen, again.high_fen) == (row.low_fen, row.high_fen)
    sealed = row.digest == digest(row.inputs, rules.version, terms.version, row.outcome)
    return figures and sealed and same_decision(row.outcome, again.as_json())


def _sources(session: Session, row: Estimate) -> Sequence[EstimateSource]:
    query = select(EstimateSource).where(EstimateSource.estimate_id == row.id).order_by(EstimateSource.source)
    return session.scalars(query).all()


def _hold(session: Session, estimate_id: UUID) -> Estimate:
    session.flush()
    row = session.get(Estimate, estimate_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise EstimateUnknown("There is no such estimate.")
    return row
