"""gunicorn: threads, because requests wait for servers; recycled workers; a stop that lets requests finish."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

_address = os.environ.get("DUKOU_BIND") or "127.0.0.1"
bind = f"{f'[{_address}]' if ':' in _address else _address}:{os.environ.get('DUKOU_PORT') or '8000'}"
worker_class = "gthread"
workers = int(os.environ.get("DUKOU_WEB_WORKERS") or 2)
threads = int(os.environ.get("DUKOU_WEB_THREADS") or 8)
preload_app = True  # imported once: workers share its memory, and a recycled one is back at once
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # a heartbeat must not wait for a disk
timeout = 60
graceful_timeout = 30
keepalive = 75  # longer than a proxy or a client keeps an idle connection, so that nobody writes into a closing one
max_requests = 10_000
max_requests_jitter = 1_000
accesslog = None  # paths and queries may carry one-time codes; the application logs its requests itself
control_socket_disable = True  # no second way to command the server
limit_request_line = 4094
limit_request_fields = 60


def when_ready(_server: Any) -> None:
    """What was imported lives as long as the process: without it the collector neither copies the workers' shared
    memory nor spends a second on it at every exit."""
    gc.collect()
    gc.freeze()


def post_fork(server: Any, _worker: Any) -> None:
    """A database connection belongs to one process: the workers inherit the pool's settings, never its sockets."""
    server.app.callable.extensions["engine"].dispose(close=False)
