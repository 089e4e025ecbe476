"""Sums over deliveries, for charts."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session

from app.kernel import clock, ids
from app.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookResult

SPAN = timedelta(days=15)


def deliveries_by_day(session: Session, *, partner_id: UUID) -> dict[date, tuple[int, int]]:
    """{day in China: (tries that were taken, tries that failed)} of the last two weeks."""
    on = func.date(func.timezone("Asia/Shanghai", WebhookAttempt.opened_at))
    good = func.sum(cast(WebhookResult.outcome == "delivered", Integer))
    query = (
        select(on, good, func.count())
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookAttempt.endpoint_id)
        .join(WebhookResult, WebhookResult.attempt_id == WebhookAttempt.id)
        .where(WebhookEndpoint.partner_id == partner_id, WebhookAttempt.id >= ids.first_id_at(clock.now() - SPAN))
        .group_by(on)
    )
    return {found: (int(taken), int(tried) - int(taken)) for found, taken, tried in session.execute(query)}
