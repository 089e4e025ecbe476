"""Reconciliation, suspense and held transfers, and the two steps by which staff decide about money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.console.routes.pages import allowed, console, page
from app.console.views import changes as change_views
from app.console.views import money_wording
from app.console.views import reconciliation as views
from app.console.views import reliefs as relief_views
from app.console.views import reversals as reversal_views
from app.kernel import clock
from app.kernel.db import transaction
from app.kernel.errors import Problem
from app.kernel.spreadsheets import MEDIA_TYPE, csv_lines, yuan
from app.kernel.web import principal
from app.loans.queries.credits import loan_by_number
from app.payments import queries as payments
from app.reconciliation import queries, usecases
from app.reconciliation.domain import kinds
from app.reconciliation.usecases import rates

YUAN = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,2}))?")
CARD = ("bank_type", "account_no", "account_name")
COLUMNS = (
    *("渠道", "日期", "种类", "状态", "对方单号", "我方单号", "相关单号", "行号"),
    *("我方金额（元）", "对方金额（元）", "发现时间"),
)


@console.get("/reconciliation")
@allowed("reconciliation")
def reconciliation() -> str:
    """A picture of one day (`?day=`, yesterday unless named) and the list of days."""
    on = _day(request.args.get("day")) or clock.today() - timedelta(days=1)
    with transaction() as session:
        shown = views.overview(session, on)
    return page("reconciliation.html", current="reconciliation", **shown)


@console.get("/reconciliation/<day>")
@allowed("reconciliation")
def reconciliation_day(day: str) -> str:
    """One day's differences; `?kind=` and `?status=` leave some."""
    on = _day(day) or abort(404)
    kind, status = request.args.get("kind"), request.args.get("status")
    kind = kind if kind in money_wording.DIFFERENCE else None
    status = status if status in money_wording.SETTLED else None
    with transaction() as session:
        shown = views.one_day(session, on, kind=kind, status=status)
    more = {"kind": kind, "status": status, "statuses": list(money_wording.SETTLED)}
    return page("reconciliation_day.html", current="reconciliation", **shown, **more)


@console.get("/reconciliation/<day>/export")
@allowed("reconciliation")
def export_differences(day: str) -> Response:
    """A day's differences for spreadsheets; no cell is a formula."""
    on = _day(day) or abort(404)

    def lines() -> Iterator[str]:
        with transaction() as session:
            yield from csv_lines(COLUMNS, (_cells(row) for row in queries.all_differences(session, on)))

    disposition = f'attachment; filename="differences-{on.isoformat()}.csv"'
    return Response(lines(), mimetype=MEDIA_TYPE, headers={"Content-Disposition": disposition})


@console.get("/differences/<uuid:difference_id>")
@allowed("reconciliation")
def difference(difference_id: UUID) -> str:
    """One difference: the bill's line, our rows, and the notices that told of it."""
    with transaction() as session:
        shown = views.difference(session, difference_id)
    return page("difference.html", current="reconciliation", refused=_refused(), **shown)


@console.get("/notices/<uuid:notice_id>")
@allowed("notices")
def notice(notice_id: UUID) -> str:
    """A notice as it came; what WeChat Pay sealed stays sealed."""
    with transaction() as session:
        found = payments.notice(session, notice_id) or abort(404)
    return page("notice.html", current="notices", row=found)


@console.get("/suspense")
@allowed("suspense")
def suspense() -> str:
    """Money that nobody could match, oldest first, what customers overpaid, and the refunds."""
    with transaction() as session:
        shown = views.suspense(session)
    return page("suspense.html", current="suspense", refused=_refused(), **shown)


@console.get("/held-transfers")
@allowed("held_transfers")
def held_transfers() -> str:
    """Transfers that wait for a person."""
    with transaction() as session:
        shown = views.held(session)
    return page("held_transfers.html", current="held_transfers", refused=_refused(), **shown)


@console.get("/repayments/<uuid:repayment_id>")
@allowed("suspense")
def repayment(repayment_id: UUID) -> str:
    """A booked repayment: what taking it back would change, found out by doing it and undoing it, and the proposals."""
    with transaction() as session:
        shown = reversal_views.page_of(session, repayment_id)
        found = {"impossible": None} if shown["changes"] else reversal_views.tried(session, repayment_id)
        answer = page("reversal.html", current="loans", refused=_refused(), **{**shown, **found})
        session.rollback()
    return answer


@console.post("/money-proposals")
@allowed("propose_money")
def propose_money() -> AnyResponse:
    """What one person wants to do with money; nothing moves yet."""
    form = request.form
    about, key, kind = form.get("about", ""), form.get("key", "")[:64], form.get("kind", "")[:24]
    details_of = relief_views.details_of if kind in kinds.RELIEF_KINDS else change_views.terms_of
    try:
        if about == "benchmark":
            key, published = rates.details_of(form)
        with transaction() as session:
            loan_no = form.get("loan_no", "").strip()
            loan_id = loan_by_number(session, loan_no) if loan_no else None
            if loan_no and loan_id is None:
                raise kinds.AnswerImpossible("There is no such loan.")
            asked = usecases.ProposalRequest(
                kind=kind,
                subject_kind=about,
                subject_key=key,
                reason=form.get("reason", ""),
                amount_fen=_fen(form.get("amount", "")),
                loan_id=loan_id,
                details=details_of(form) if about == "loan" else published if about == "benchmark" else None,
                card={name: form.get(name, "")[:64] for name in CARD} if kind == "refund_to_card" else None,
            )
            usecases.propose(session, principal=principal.staff(), request=asked)
    except Problem as problem:
        return _back(about, key, kind, problem.code)
    return _back(about, key, kind)


@console.post("/money-proposals/<uuid:proposal_id>/<any(approve, reject):decision>")
@allowed("decide_money")
def decide_money(proposal_id: UUID, decision: str) -> AnyResponse:
    """Another person agrees, and it is carried out; or does not, and nothing happens."""
    with transaction() as session:
        found = queries.proposal(session, proposal_id)
        about, key, kind = (found.subject_kind, found.subject_key, found.kind) if found else ("", "", "")
    decide = usecases.approve if decision == "approve" else usecases.reject
    try:
        with transaction() as session:
            reason = request.form.get("reason", "")
            decide(session, principal=principal.staff(), proposal_id=proposal_id, reason=reason)
    except Problem as problem:
        return _back(about, key, kind, problem.code)
    return _back(about, key, kind)


def _back(about: str, key: str, kind: str, refused: str | None = None) -> AnyResponse:
    """To the page of the thing; why it was refused travels as a code that we have words for."""
    pages = {"payment": "console.suspense", "refund": "console.suspense", "transfer": "console.held_transfers"}
    pages |= {"benchmark": "console.rates"}
    values: dict[str, Any] = {"refused": refused} if refused else {}
    if about in ("difference", "repayment", "loan"):
        of_loan = "loan_relief" if kind in kinds.RELIEF_KINDS else "loan_change"
        where = of_loan if about == "loan" else about
        try:
            return redirect(url_for(f"console.{where}", **values | {f"{about}_id": UUID(key)}), 303)
        except ValueError:
            about = ""
    return redirect(url_for(pages.get(about, "console.reconciliation"), **values), 303)


def _refused() -> str | None:
    code = request.args.get("refused")
    return code if code in money_wording.PHRASES else ("proposal.impossible" if code else None)


def _fen(text: str) -> int | None:
    """`1,234.5` → 123450; None for what is no sum of yuan."""
    found = YUAN.fullmatch(text.replace(",", "").strip())
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text and len(text) == 10 else None
    except ValueError:
        return None


def _cells(row: Any) -> tuple[Any, ...]:
    ours, theirs = (None if fen is None else yuan(fen) for fen in (row.ours_fen, row.theirs_fen))
    numbers = row.their_no, row.our_no, row.related_no, row.line_no
    return row.channel, row.day, row.kind, row.status, *numbers, ours, theirs, row.found_at
