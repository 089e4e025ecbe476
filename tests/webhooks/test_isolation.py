"""A hanging endpoint holds up nobody else, with the real worker and real threads."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import ExitStack
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app import job_queue, process
from app.webhooks.models import WebhookMessage
from tests.factories.partners import make_partner
from tests.factories.webhooks import make_endpoint, settle_loan
from tests.webhooks.receiver import hang, receiving

HEALTHY, EVENTS = 6, 8
THREADS = 4  # fewer than there are events for the hanging endpoint


class RunningWorker(threading.Thread):
    """The worker as in production, in a thread of this process."""

    def __init__(self, database_url: str) -> None:
        super().__init__(daemon=True)
        self._database_url = database_url
        self._ending = threading.Event()

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        made = job_queue.build(self._database_url)
        async with made.open_async():
            serving = asyncio.create_task(
                made.run_worker_async(
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
