"""A hanging endpoint holds up nobody else, with the real worker and real threads."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import ExitStack
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from app import job_queue, process
from app.kernel import clock
from app.webhooks import usecases
from app.webhooks.models import WebhookEndpoint, WebhookMessage
from app.webhooks.usecases.waking import PROVEN, UNPROVEN
from app.worker import LANES
from tests.factories.partners import make_partner
from tests.factories.webhooks import make_endpoint, settle_loan
from tests.job_runner import JobRunner
from tests.webhooks.receiver import answer, hang, receiving

HEALTHY, EVENTS = 6, 8
THREADS = 4  # fewer than there are events for the hanging endpoint


class RunningWorker(threading.Thread):
    """The worker as in production, in a thread of this process."""

    def __init__(self, database_url: str, queues: list[str] | None = None) -> None:
        super().__init__(daemon=True)
        self._queues = queues
        self._database_url = database_url
        self._ending = threading.Event()

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        made = job_queue.build(self._database_url)
        async with made.open_async():
            serving = asyncio.create_task(
                made.run_worker_async(
                    queues=self._queues,
                    concurrency=THREADS,
                    listen_notify=False,
                    fetch_job_polling_interval=0.05,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=20,
                    delete_jobs="never",
                )
            )
            while not self._ending.is_set():
                await asyncio.sleep(0.05)
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    def end(self) -> None:
        self._ending.set()
        self.join(30)


def until(condition: Any) -> bool:
    """Wait for something that comes in seconds; the bound is for a machine that is stuck."""
    for _ in range(1200):
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_a_hanging_endpoint_holds_up_nobody_else(app: Any, committed: sessionmaker[Session]) -> None:
    process.import_jobs()
    url = committed.kw["bind"].url.render_as_string(hide_password=False)
    released = threading.Event()
    with ExitStack() as stack:
        hanging = stack.enter_context(receiving(hang(released)))
        healthy = [stack.enter_context(receiving()) for _ in range(HEALTHY)]
        with committed() as session:
            partners = [make_partner(session) for _ in range(HEALTHY + 1)]
            for partner, receiver in zip(partners, [hanging, *healthy], strict=True):
                make_endpoint(session, partner.partner_id, receiver.url)
                for _ in range(EVENTS):  # the hanging partner's events come first in the queue
                    settle_loan(session, partner.partner_id)
            session.commit()
        running = RunningWorker(url)
        running.start()
        try:
            assert until(lambda: all(len(receiver.took) == EVENTS for receiver in healthy))
            assert not released.is_set()
            assert len(hanging.took) <= 2
        finally:
            released.set()
            running.end()
        with committed() as session:
            waiting = session.scalars(select(WebhookMessage).where(WebhookMessage.delivered_at.is_(None))).all()
            assert all(message.given_up_at is None for message in waiting)
            assert len(waiting) <= EVENTS


def jobs_by_queue(session: Session) -> dict[str, int]:
    query = "SELECT queue_name, count(*) FROM procrastinate_jobs WHERE task_name = 'webhooks.deliver' GROUP BY 1"
    return {row[0]: row[1] for row in session.execute(text(query))}


def test_an_endpoint_proves_itself_and_can_lose_that(app: Any, session: Session, run_jobs: JobRunner) -> None:
    partner = make_partner(session)
    with receiving() as receiver:
        endpoint = make_endpoint(session, partner.partner_id, receiver.url)
        for expected in ({UNPROVEN: 1}, {UNPROVEN: 1, PROVEN: 1}):
            settle_loan(session, partner.partner_id)
            session.commit()
            run_jobs()
            assert jobs_by_queue(session) == expected
        receiver.behaviour = answer(500)
        settle_loan(session, partner.partner_id)
        session.commit()
        run_jobs()
    session.expire_all()
    row = session.get_one(WebhookEndpoint, endpoint.id)
    assert row.proven_at is None, "and the repeat is for the other lane"
    assert jobs_by_queue(session) == {UNPROVEN: 2, PROVEN: 2}


def test_a_slow_answer_is_taken_and_proves_nothing(app: Any, session: Session, run_jobs: JobRunner) -> None:
    partner = make_partner(session)
    endpoint = make_endpoint(session, partner.partner_id, "http://127.0.0.1:1/")
    row = session.get_one(WebhookEndpoint, endpoint.id)
    row.proven_at = clock.now()
    for expected in (True, False):
        settle_loan(session, partner.partner_id)
        session.commit()
        run_jobs(only="webhooks.fan_out")
        message = session.scalars(select(WebhookMessage).order_by(WebhookMessage.id.desc())).first()
        assert message
        opened = usecases.open_attempt(session, message_id=message.id, lane=PROVEN)
        assert (opened is not None) is expected, "passed on to the other lane when its endpoint became slow"
        if opened:
            usecases.settle_attempt(
                session, attempt_id=opened.attempt_id, delivered=True, outcome="answered", http_status=200,
                retry_after=None, answer_start="", duration_ms=3001,
            )  # fmt: skip
    assert jobs_by_queue(session) == {PROVEN: 1, UNPROVEN: 2}, "its own job, and the one that was passed on"


def test_however_many_strangers_hang_good_endpoints_do_not_notice(
    app: Any, committed: sessionmaker[Session]
) -> None:
    """The lane of strangers has no thread at all here: as if each of its threads waited for one that hangs."""
    process.import_jobs()
    with ExitStack() as stack:
        strangers = [stack.enter_context(receiving()) for _ in range(3 * THREADS)]
        healthy = [stack.enter_context(receiving()) for _ in range(HEALTHY)]
        with committed() as session:
            for receiver in [*strangers, *healthy]:  # the strangers' events come first
                partner = make_partner(session)
                endpoint = make_endpoint(session, partner.partner_id, receiver.url)
                if receiver in healthy:
                    session.get_one(WebhookEndpoint, endpoint.id).proven_at = clock.now()
                settle_loan(session, partner.partner_id)
                settle_loan(session, partner.partner_id)
            session.commit()
        url = committed.kw["bind"].url.render_as_string(hide_password=False)
        running = RunningWorker(url, ["default", PROVEN])
        running.start()
        try:
            assert until(lambda: all(len(receiver.took) == 2 for receiver in healthy))
        finally:
            running.end()
        assert not any(receiver.took for receiver in strangers)
    assert {PROVEN, UNPROVEN} < set(LANES), "each has threads of its own in the worker"
