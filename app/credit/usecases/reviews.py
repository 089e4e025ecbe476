"""A person looks at a refusal: asked by the customer or because it was close; and how soon one may apply again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit.domain import parameters as named
from app.credit.domain.applications import ApplicationUnknown
from app.credit.domain.cases import Outcome
from app.credit.domain.reviews import (
    REVIEW_STATES,
    WAITING,
    NotRefused,
    ReapplyLater,
    ReviewUnknown,
    is_close,
)
from app.credit.models import Application, Decision, DecisionReview
from app.credit.queries.catalogue import parameters
from app.credit.queries.reviews import ReviewView, view
from app.kernel import audit, clock, ids, jobs
from app.kernel.states import transition


def request_review(session: Session, *, application_id: UUID, customer_id: UUID, words: str) -> ReviewView:
    """The customer wants a person to look at the refusal; asking again keeps the first words and the first day.

    Raises ApplicationUnknown, NotRefused.
    """
    application = session.get(Application, application_id, with_for_update=True)
    if application is None or application.customer_id != customer_id:
        raise ApplicationUnknown("There is no such application.")
    if application.status != "declined":
        raise NotRefused("This application was not refused.", status=application.status)
    row = session.scalars(select(DecisionReview).where(DecisionReview.application_id == application_id)).one_or_none()
    if row is None:
        row = _open(session, application, "requested", named.REVIEW_DAYS)
    if row.words is None and row.status in WAITING:
        row.kind, row.words, row.words_check = "requested", words, "waiting"
        session.flush()
        jobs.enqueue(session, "credit.check_words", once=f"credit.check_words:{row.id}", review_id=row.id)
    session.flush()
    return view(row)


def open_second_look(session: Session, application: Application, outcome: Outcome, cut_off: int) -> None:
    """Put a refusal that was close before a person, without the customer's asking."""
    points = int(parameters(session, on=clock.today())[named.SECOND_LOOK_POINTS])
    if is_close(outcome, cut_off, points):
        _open(session, application, "second_look", named.SECOND_LOOK_DAYS)


def words_to_check(session: Session, *, review_id: UUID) -> tuple[str, UUID] | None:
    """The words that wait for their check, and whose they are; None when nothing waits."""
    row = session.get_one(DecisionReview, review_id)
    return (row.words, row.customer_id) if row.words and row.words_check == "waiting" else None


def settle_words(session: Session, *, review_id: UUID, verdict: str, label: int | None = None) -> None:
    """What was found: clean, suspicious (a person opens it first), unchecked. The words stay in any case."""
    row = _hold(session, review_id)
    if row.words_check == "waiting":
        row.words_check, row.words_label = verdict, label


def claim_review(session: Session, *, review_id: UUID, actor: str) -> ReviewView:
    """Somebody of the staff takes a review on, also from a colleague. Raises ReviewUnknown, NotAllowedNow."""
    row = _hold(session, review_id)
    if row.claimed_by != actor:
        transition(session, row, REVIEW_STATES, "claim", actor=actor)
        row.claimed_by = actor
    session.flush()
    return view(row)


def settle_review(session: Session, *, review_id: UUID, actor: str, upheld: bool, answer: str) -> ReviewView:
    """The refusal stands, or the customer may apply again at once; with an answer in plain words.

    The machine's decision and its record are never changed. Raises ReviewUnknown, NotAllowedNow.
    """
    row = _hold(session, review_id)
    transition(session, row, REVIEW_STATES, "uphold" if upheld else "let_reapply", actor=actor)
    row.answer, row.decided_by, row.decided_at = answer, actor, clock.now()
    kind, _, name = actor.partition(":")
    audit.record(
        session,
        actor_kind=kind,
        actor_id=name or kind,
        action="decision.reviewed",
        subject_kind="application",
        subject_id=row.application_id,
        facts={"status": row.status},
    )
    session.flush()
    return view(row)


def check_reapply(session: Session, *, enterprise_id: UUID, product_code: str) -> None:
    """So many refusals within the window and no more, unless a person said otherwise since. Raises ReapplyLater."""
    numbers = parameters(session, on=clock.today())
    window = timedelta(days=int(numbers[named.REAPPLY_WINDOW_DAYS]))
    most = int(numbers[named.REAPPLY_MOST_DECLINES])
    rows = session.execute(
        select(Decision.decided_at, DecisionReview.status)
        .join(Application, Application.id == Decision.application_id)
        .outerjoin(DecisionReview, DecisionReview.application_id == Application.id)
        .where(
            Application.enterprise_id == enterprise_id,
            Application.product_code == product_code,
            Decision.verdict == "declined",
            Decision.decided_at > clock.now() - window,
        )
        .order_by(Decision.decided_at.desc())
        .limit(most)
    ).all()
    if len(rows) < most or any(status == "reapply" for _, status in rows):
        return
    free_at = rows[-1].decided_at + window
    raise ReapplyLater(
        "There were several refusals lately. Ask for a review by a person, or apply again later.",
        reapply_from=clock.local_day(free_at).isoformat(),
    )


def _open(session: Session, application: Application, kind: str, days_name: str) -> DecisionReview:
    days = int(parameters(session, on=clock.today())[days_name])
    row = DecisionReview(
        id=ids.new_id(),
        application_id=application.id,
        customer_id=application.customer_id,
        kind=kind,
        status="open",
        asked_at=clock.now(),
        due_on=clock.today() + timedelta(days=days),
    )
    session.add(row)
    return row


def _hold(session: Session, review_id: UUID) -> DecisionReview:
    session.flush()
    row = session.get(DecisionReview, review_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise ReviewUnknown("There is no such review.")
    return row
