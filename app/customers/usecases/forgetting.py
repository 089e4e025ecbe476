"""What signing in leaves behind is kept no longer than the limits on it look back (PIPL article 19)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, exists
from sqlalchemy.orm import Session

from app.customers.models import CustomerSession, OauthState, PhoneCode, StepUp
from app.kernel import clock

KEPT = timedelta(days=2)  # the longest limit counts one day of codes


def forget_sign_in_traces(session: Session) -> None:
    """Delete codes, trips to WeChat's page and sessions that nobody finished.

    A number typed by a stranger is personal data of somebody who never came. A code that became a second factor is
    evidence of what was signed, and stays with its session.
    """
    before = clock.now() - KEPT
    session.execute(
        delete(PhoneCode).where(PhoneCode.created_at < before, ~exists().where(StepUp.phone_code_id == PhoneCode.id))
    )
    session.execute(delete(OauthState).where(OauthState.created_at < before))
    session.execute(
        delete(CustomerSession).where(
            CustomerSession.customer_id.is_(None),
            CustomerSession.ends_at < before,
            ~exists().where(PhoneCode.session_id == CustomerSession.id),
        )
    )
