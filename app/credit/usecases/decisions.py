"""Decisions: made in one step once every source has answered; recomputable from what is stored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit import events
from app.credit.domain.applications import STATES, wait_after
from app.credit.domain.cases import Case, Outcome, canonical, digest, same_decision
from app.credit.domain.collecting import Known, collect
from app.credit.domain.decisions import decide
from app.credit.models import Application, Decision, EstimateSource, SourceSnapshot
from app.credit.queries.catalogue import (
    Product,
    Rules,
    parameters,
    product_version,
    rule_set_version,
    rules_for,
)
from app.credit.queries.lines import earlier_loans, own_exposure
from app.credit.usecases.applications import hold, tell, valid_until
from app.credit.usecases.lines import grant_line, hold_enterprise
from app.credit.usecases.reviews import open_second_look
from app.customers.queries import enterprise, person
from app.engine.due_dates import add_months
from app.kernel import clock, jobs
from app.kernel.states import transition


def settle_collection(session: Session, *, application_id: UUID, attempt: int) -> None:
    """Decide if every source has answered; else wait and try again later: a source that is down never declines."""
    row = hold(session, application_id)
    if row.status not in ("deciding", "waiting_data") or row.attempt != attempt:
        return
    snapshots = session.scalars(select(SourceSnapshot).where(SourceSnapshot.application_id == row.id)).all()
    down = sorted(one.source for one in snapshots if one.state == "asked")
    if down:
        _wait(session, row, down)
        return
    if row.status == "waiting_data":
        transition(session, row, STATES, "sources_back")
    _decide(session, row, snapshots)


def _wait(session: Session, row: Application, down: list[str]) -> None:
    if row.status == "deciding":
        transition(session, row, STATES, "source_down", facts={"sources": down})
        tell(session, row, events.ApplicationWaiting)
    row.attempt += 1
    jobs.enqueue(
        session,
        "credit.decide_again",
        lock=f"credit.decide:{row.id}",
        after=wait_after(row.attempt - 1),
        application_id=row.id,
        attempt=row.attempt,
    )


def _decide(session: Session, row: Application, snapshots: Sequence[SourceSnapshot]) -> None:
    hold_enterprise(session, row.enterprise_id)
    today = clock.today()
    rules = rules_for(session, row.product_code, on=today, enterprise_id=row.enterprise_id)
    product = product_version(session, row.product_version_id)
    numbers = parameters(session, on=today)
    case = Case(
        amount_fen=row.amount_fen,
        term_months=row.term_months,
        method=row.method,
        whole=row.order_id is not None,
        features=collect(reports_of(snapshots), _known(session, row), today),
        lpr_1y=numbers["lpr_1y"],
        all_in_cap=numbers["all_in_cap"],
        decided_on=today,
    )
    outcome = decide(case, rules.rules, product.terms)
    _record(session, row, case, outcome, rules, product)
    if outcome.approved:
        _approve(session, row, outcome, product)
    else:
        transition(session, row, STATES, "decline", facts={"codes": [reason.code for reason in outcome.reasons]})
        open_second_look(session, row, outcome, rules.rules.scorecard.cut_off)
        tell(session, row, events.ApplicationDeclined)


def reports_of(snapshots: Iterable[SourceSnapshot | EstimateSource]) -> dict[str, Any]:
    """The stored reports by source; None where the source knew nothing."""
    return {one.source: json.loads(one.report) if one.report else None for one in snapshots}


def _known(session: Session, row: Application) -> Known:
    applicant = person(session, row.customer_id)
    return Known(
        person_name=applicant.name or "",
        person_id_no=applicant.id_no or "",
        own_exposure_fen=own_exposure(session, enterprise_id=row.enterprise_id, but_application=row.id),
        earlier_loans=earlier_loans(session, enterprise_id=row.enterprise_id),
    )


def _record(session: Session, row: Application, case: Case, outcome: Outcome, rules: Rules, product: Product) -> None:
    session.add(
        Decision(
            application_id=row.id,
            customer_id=row.customer_id,
            rule_set_version_id=rules.version_id,
            product_version_id=product.version_id,
            inputs=json.dumps(case.as_json(), ensure_ascii=False),
            verdict=outcome.verdict,
            outcome=outcome.as_json(),
            digest=digest(case.as_json(), rules.version, product.terms.version, outcome.as_json()),
            decided_at=clock.now(),
        )
    )


def _approve(session: Session, row: Application, outcome: Outcome, product: Product) -> None:
    today = clock.today()
    row.credit_line_id = grant_line(
        session,
        customer_id=row.customer_id,
        enterprise_id=row.enterprise_id,
        region_code=enterprise(session, row.enterprise_id).region_code,
        product_code=row.product_code,
        limit_fen=outcome.limit.total_fen,
        valid_until=add_months(today, product.terms.line_valid_months, today.day),
    )
    row.approved_fen = outcome.amount_fen
    row.valid_until = valid_until(product.terms.offer_valid_days)
    transition(session, row, STATES, "approve")
    tell(session, row, events.ApplicationApproved)


def recompute(session: Session, decision_id: UUID) -> bool:
    """Whether the stored inputs under the stored versions give the stored outcome, and the stored reports the inputs.

    The seal holds the words too; they are not compared with what would be said today.

    What the bank knew itself that day (exposure, earlier loans) is taken from the stored inputs.
    """
    row = session.get_one(Decision, decision_id)
    inputs = json.loads(row.inputs)
    case = Case.read(inputs)
    rules, product = (
        rule_set_version(session, row.rule_set_version_id),
        product_version(session, row.product_version_id),
    )
    outcome = decide(case, rules.rules, product.terms).as_json()
    stored = digest(inputs, rules.version, product.terms.version, row.outcome)
    again = canonical(case.as_json()) == canonical(inputs) and same_decision(row.outcome, outcome)
    return row.digest == stored and again and _collected_again(session, row, case) == case.features


def _collected_again(session: Session, row: Decision, case: Case) -> Any:
    snapshots = session.scalars(select(SourceSnapshot).where(SourceSnapshot.application_id == row.application_id)).all()
    applicant = person(session, row.customer_id)
    known = Known(
        person_name=applicant.name or "",
        person_id_no=applicant.id_no or "",
        own_exposure_fen=case.features["own_exposure_fen"].number,
        earlier_loans=case.features["earlier_loans"].number,
    )
    return collect(reports_of(snapshots), known, case.decided_on)
