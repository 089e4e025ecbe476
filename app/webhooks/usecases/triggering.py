"""A partner's developer has a message with invented content sent, to try what listens; in test deployments only."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.errors import Forbidden
from app.kernel.outbox import emit
from app.webhooks.domain import told
from app.webhooks.events import WebhookTriggered


class TriggeredInTestOnly(Forbidden):
    """Messages with invented content are sent in test deployments only."""

    code = "webhook.test_mode_only"


def trigger(session: Session, *, new_id: UUID, partner_id: UUID, message_type: str, mode: str) -> None:
    """Tell the partner's endpoints and its list of events of something that did not happen; `triggered` says so.

    Raises TriggeredInTestOnly, EventTypeUnknown.
    """
    if mode != "test":
        raise TriggeredInTestOnly("Only a test deployment invents events.")
    told.sample(message_type)
    emit(session, WebhookTriggered(subject_id=new_id, partner_id=partner_id, message_type=message_type))
