"""Refusals that a person looks at again: who takes them on, and the answer the customer reads."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.console.domain import plain
from app.console.routes.pages import actor, allowed, console, page
from app.console.views import reviews as views
from app.credit import usecases as credit
from app.kernel.db import transaction
from app.kernel.errors import Problem, Unprocessable

ANSWER_LENGTHS = range(10, 501)


class AnswerNeeded(Unprocessable):
    """The customer reads the answer: it has a length."""

    code = "review.answer_needed"


@console.get("/reviews")
@allowed("reviews")
def reviews() -> str:
    """What waits for a person, the most urgent first; then what was answered lately."""
    return _page()


@console.post("/reviews/<uuid:review_id>/claim")
@allowed("settle_reviews")
def claim_review(review_id: UUID) -> AnyResponse:
    """Take one on, also from a colleague; a second press changes nothing."""
    refused = None
    try:
        with transaction() as session:
            credit.claim_review(session, review_id=review_id, actor=actor())
    except Problem as problem:
        refused = problem.code
    return redirect(url_for("console.reviews", refused=refused), 303)


@console.post("/reviews/<uuid:review_id>/<any(uphold, reapply):verdict>")
@allowed("settle_reviews")
def settle_review(review_id: UUID, verdict: str) -> AnyResponse | tuple[str, int]:
    """The refusal stands or the customer may apply again; what was written is not lost when it cannot be taken."""
    answer = plain(request.form.get("answer", "")).strip()
    try:
        if len(answer) not in ANSWER_LENGTHS:
            raise AnswerNeeded("Write to the customer in 10 to 500 characters.")
        with transaction() as session:
            credit.settle_review(
                session, review_id=review_id, actor=actor(), upheld=verdict == "uphold", answer=answer
            )
    except AnswerNeeded as problem:
        return _page(problem.code, {review_id: answer[:1_000]}), 422
    except Problem as problem:
        return redirect(url_for("console.reviews", refused=problem.code), 303)
    return redirect(url_for("console.reviews"), 303)


def _page(refused: str | None = None, kept: dict[UUID, str] | None = None) -> str:
    code = refused or request.args.get("refused")
    with transaction() as session:
        shown = views.queue(session)
    refused = code if code in views.REFUSALS else None
    return page("reviews.html", current="reviews", refused=refused, kept=kept or {}, **shown)
