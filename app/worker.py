"""The worker process: runs the declared jobs until it is asked to stop, and beats for readiness."""

from __future__ import annotations

import asyncio

from app import job_queue, process
from config.settings import Settings

HEARTBEAT_S = 5


async def serve(database_url: str) -> None:
    """Run until a signal asks to stop; running jobs get ten seconds to end."""
    worker = job_queue.build(database_url)
    async with worker.open_async():
        await worker.run_worker_async(
            concurrency=job_queue.CONCURRENCY,
            listen_notify=False,
            fetch_job_polling_interval=0.25,
            abort_job_polling_interval=5,
            shutdown_graceful_timeout=10,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=job_queue.STALLED_AFTER_S,
            delete_jobs="never",
        )


def main() -> None:
    """Entry of `python -m app.worker`."""
    settings = Settings.from_env()
    process.install(settings, pool_size=job_queue.CONCURRENCY, application="dukou-worker")
    process.import_jobs()
    asyncio.run(serve(settings.database_url))


if __name__ == "__main__":
    main()
