"""kill -9 in the middle of a delivery: the attempt is on record, and the repeat carries the same webhook-id."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import clock
from app.webhooks import jobs
from app.webhooks.models import WebhookAttempt, WebhookMessage, WebhookResult
from tests.factories.partners import make_partner
from tests.factories.webhooks import make_endpoint, settle_loan
from tests.job_runner import JobRunner
from tests.sandbox_process import ROOT, SandboxProcess
from tests.webhooks.receiver import answer, hang, receiving
from tests.webhooks.test_isolation import until


def test_a_killed_delivery_is_repeated_under_the_same_id(
    sandbox: SandboxProcess, run_jobs: JobRunner, committed: sessionmaker[Session]
) -> None:
    released = threading.Event()
    with receiving(hang(released)) as receiver:
        with committed() as session:
            partner = make_partner(session)
            make_endpoint(session, partner.partner_id, receiver.url)
            settle_loan(session, partner.partner_id)
            session.commit()
        run_jobs(only="webhooks.fan_out")
        with committed() as session:
            message_id = str(session.scalars(select(WebhookMessage.id)).one())
        database_url = committed.kw["bind"].url.render_as_string(hide_password=False)
        command = [sys.executable, "-m", "tests.webhooks.deliver_one", database_url, str(sandbox.state), message_id]
        child = subprocess.Popen(command, cwd=ROOT)
        assert until(lambda: receiver.took)
        child.kill()
        child.wait()
        released.set()
        assert _rows(committed) == (1, 0)
        receiver.behaviour = answer(204)
        with clock.at(datetime.now(UTC) + timedelta(seconds=31)):
            jobs.deliver(message_id)
            jobs.deliver(message_id)
    assert _rows(committed) == (2, 1)
    assert len(receiver.took) == 2
    assert len(set(receiver.ids())) == 1
    assert receiver.took[0][1] == receiver.took[1][1]


def _rows(committed: sessionmaker[Session]) -> tuple[int, int]:
    with committed() as session:
        return len(session.scalars(select(WebhookAttempt.id)).all()), len(session.scalars(select(WebhookResult)).all())
