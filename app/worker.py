"""The worker process: runs the declared jobs until it is asked to stop, and beats for readiness.

Deliveries to partners have lanes of their own, so that endpoints which hang never hold up money; those of endpoints
which have not answered well and quickly have another one, so that they do not hold up the good ones either. Such a
thread waits most of its time and holds no connection meanwhile, so there are more of them than of connections.
"""

from __future__ import annotations

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor

import procrastinate

from app import job_queue, process
from config.settings import Settings

HEARTBEAT_S = 5
STOP_S = 10  # what running jobs get to end
LANES = {"default": 6, "messages": 3, "webhooks": 12, "webhooks_unproven": 12}
CONNECTIONS = 16
SPARE_THREADS = 2  # for the queue's own calls


async def serve(database_url: str) -> None:
    """Run until SIGTERM or SIGINT; a lane that ends by itself ends the process."""
    queue = job_queue.build(database_url)
    # jobs run in the loop's threads, by default cores + 4 for all lanes: hanging webhooks would take those of the money
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(sum(LANES.values()) + SPARE_THREADS))
    async with queue.open_async():
        lanes = [asyncio.create_task(_lane(queue, name, size)) for name, size in LANES.items()]
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, _cancel, lanes)
        await asyncio.wait(lanes, return_when=asyncio.FIRST_COMPLETED)
        _cancel(lanes)
        ended = await asyncio.gather(*lanes, return_exceptions=True)
    failed = [error for error in ended if isinstance(error, Exception)]
    if failed:
        raise failed[0]


def _cancel(lanes: list[asyncio.Task[None]]) -> None:
    for lane in lanes:
        lane.cancel()


async def _lane(queue: procrastinate.App, name: str, size: int) -> None:
    await queue.run_worker_async(
        queues=[name],
        name=name,
        concurrency=size,
        install_signal_handlers=False,
        listen_notify=False,
        fetch_job_polling_interval=0.25,
        abort_job_polling_interval=5,
        shutdown_graceful_timeout=STOP_S,
        update_heartbeat_interval=HEARTBEAT_S,
        stalled_worker_timeout=job_queue.STALLED_AFTER_S,
        delete_jobs="never",
    )


def main() -> None:
    """Entry of `python -m app.worker`."""
    settings = Settings.from_env()
    process.install(settings, pool_size=CONNECTIONS, application="dukou-worker")
    process.import_jobs()
    asyncio.run(serve(settings.database_url))


if __name__ == "__main__":
    main()
