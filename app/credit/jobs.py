"""Jobs of credit: collecting and deciding, hearing of signed contracts, ending what is over."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any
from uuid import UUID

import structlog

from app.adapters import Channels, channels
from app.adapters.bureau import PersonUnknown
from app.adapters.sources import SourceDown
from app.adapters.tax import EnterpriseUnknown
from app.credit import usecases
from app.customers import queries as customers
from app.kernel import crash_points
from app.kernel.db import transaction
from app.kernel.jobs import task

PURPOSE = "loan_approval"
log = structlog.get_logger(__name__)


@task("credit.decide")
def decide(*, event_id: str, event: dict[str, Any]) -> None:
    """An application was submitted: collect its sources and decide."""
    _collect_and_decide(UUID(event["subject_id"]), 0)


@task("credit.decide_again")
def decide_again(*, application_id: str, attempt: int) -> None:
    """A source was down: ask those that have not answered yet."""
    _collect_and_decide(UUID(application_id), attempt)


@task("credit.estimate")
def estimate(*, event_id: str, event: dict[str, Any]) -> None:
    """An estimate was asked for: ask registry and tax, never the bureau, and work it out."""
    _collect_and_estimate(UUID(event["subject_id"]), 0)


@task("credit.estimate_again")
def estimate_again(*, estimate_id: str, attempt: int) -> None:
    """A source was down: ask those that have not answered yet."""
    _collect_and_estimate(UUID(estimate_id), attempt)


@task("credit.check_words")
def check_words(*, review_id: str) -> None:
    """What a customer wrote to staff is checked for its content; while WeChat is away this is tried again.

    Only WeChat's own users can be checked, and only soon after they were there; other words are shown as unchecked.
    """
    number = UUID(review_id)
    with transaction() as session:
        asked = usecases.words_to_check(session, review_id=number)
        found = customers.wechat_identity(session, customer_id=asked[1], app="mini") if asked else None
    if asked is None:
        return
    verdict = channels().wechat_messages.check_text(openid=found.openid, text=asked[0]) if found else None
    with transaction() as session:
        if verdict is None:
            usecases.settle_words(session, review_id=number, verdict="unchecked")
        else:
            outcome = "clean" if verdict.clean else "suspicious"
            usecases.settle_words(session, review_id=number, verdict=outcome, label=verdict.label)


@task("credit.contract_signed")
def contract_signed(*, event_id: str, event: dict[str, Any]) -> None:
    """Both have signed: the application is effective."""
    with transaction() as session:
        usecases.contract_signed(session, application_id=UUID(event["application_id"]))


@task("credit.stop_with_consent")
def stop_with_consent(*, event_id: str, event: dict[str, Any]) -> None:
    """A consent was withdrawn: what is not signed and rests on it stops; the consent may have been given anew."""
    business = event["enterprise_id"]
    with transaction() as session:
        usecases.stop_with_consent(
            session,
            customer_id=UUID(event["customer_id"]),
            enterprise_id=UUID(business) if business else None,
            kind=event["kind"],
        )


@task("credit.expire", cron="*/10 * * * *")
def expire() -> None:
    """End offers whose time is over, and applications that waited a week for a source."""
    with transaction() as session:
        ended = usecases.expire_applications(session)
    if ended:
        log.info("applications expired", count=ended)


@task("credit.count_returns", cron="* * * * *")
def count_returns() -> None:
    """Take what was repaid or released out of the counters that many share; one short transaction a counter."""
    with transaction() as session:
        waiting = usecases.waiting_returns(session)
    for kind, key in waiting:
        with transaction() as session:
            usecases.count_returns(session, kind=kind, key=key)


def _collect_and_decide(application_id: UUID, attempt: int) -> None:
    """Open – call – settle. Each answer is kept by itself, so that a try that dies asks only what is missing."""
    with transaction() as session:
        questions = usecases.open_collection(session, application_id=application_id, attempt=attempt)
    if questions is None:
        return
    crash_points.reach("decide.opened")
    for question, answer in zip(questions, _ask_all(questions), strict=True):
        if isinstance(answer, SourceDown):
            log.warning("source down", source=question.source, application_id=str(application_id), attempt=attempt)
            continue
        with transaction() as session:
            usecases.keep_answer(session, snapshot_id=question.snapshot_id, report=answer)
        crash_points.reach("decide.kept")
    with transaction() as session:
        usecases.settle_collection(session, application_id=application_id, attempt=attempt)


def _collect_and_estimate(estimate_id: UUID, attempt: int) -> None:
    """Open – call – settle, as for a decision."""
    with transaction() as session:
        questions = usecases.open_estimate_questions(session, estimate_id=estimate_id, attempt=attempt)
    if questions is None:
        return
    for question, answer in zip(questions, _ask_all(questions), strict=True):
        if isinstance(answer, SourceDown):
            log.warning("source down", source=question.source, estimate_id=str(estimate_id), attempt=attempt)
            continue
        with transaction() as session:
            usecases.keep_estimate_answer(session, source_id=question.snapshot_id, report=answer)
    with transaction() as session:
        usecases.settle_estimate(session, estimate_id=estimate_id, attempt=attempt)


def _ask_all(questions: Sequence[usecases.Question]) -> list[dict[str, Any] | SourceDown | None]:
    """All at once: a decision waits as long as the slowest source, not as long as all together."""
    doors = channels()
    with ThreadPoolExecutor(max_workers=max(1, len(questions))) as pool:
        return list(pool.map(lambda question: _ask(doors, question), questions))


def _ask(doors: Channels, question: usecases.Question) -> dict[str, Any] | SourceDown | None:
    """The report as plain JSON; None where the source knows no such subject."""
    try:
        if question.source == "registry":
            record = doors.tax.enterprise(query_no=question.query_no, uscc=question.uscc)
            return {**asdict(record), "established_on": record.established_on.isoformat()} if record else None
        if question.source == "bureau":
            return doors.bureau.credit_report(
                query_no=question.query_no,
                name=question.name,
                id_no=question.id_no,
                purpose=PURPOSE,
                consent_ref=question.consent_ref,
            ).as_inputs()
        return doors.tax.tax_report(
            query_no=question.query_no, uscc=question.uscc, consent_ref=question.consent_ref
        ).as_inputs()
    except SourceDown as down:
        return down
    except (PersonUnknown, EnterpriseUnknown):
        return None
