"""What can happen to Redis: gone, silent, forgetful, begun anew; each to a server of the drill's own."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import redis

from launcher.processes import is_alive
from launcher.valkey import Valkey


@contextmanager
def gone(server: Valkey) -> Iterator[None]:
    """Killed, and not there: whoever asks is refused at once."""
    kill(server)
    yield
    server.start()


@contextmanager
def silent(server: Valkey) -> Iterator[None]:
    """Stopped in its tracks: whoever asks waits."""
    pid = _pid(server)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def forgetful(server: Valkey) -> Iterator[None]:
    """FLUSHALL, again and again."""
    with redis.Redis.from_url(server.url) as client, meanwhile(client.flushall):
        yield


@contextmanager
def begun_anew(server: Valkey) -> Iterator[None]:
    """Killed, and there again with nothing in it, while others work."""

    def restart() -> None:
        kill(server)
        server.start()

    with meanwhile(restart):
        yield


def kill(server: Valkey) -> None:
    """kill -9, and its socket goes as well."""
    pid = _pid(server)
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while is_alive(pid):
        assert time.monotonic() < deadline, "Redis does not die"
        time.sleep(0.01)
    server.socket.unlink(missing_ok=True)


def _pid(server: Valkey) -> int:
    pid = server.pid()
    assert pid is not None
    return pid


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[None]:
    """Again and again beside what is drilled."""
    over = threading.Event()

    def go_on() -> None:
        while not over.is_set():
            work()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


REDIS_FAULTS: dict[str, Callable[[Valkey], AbstractContextManager[None]]] = {
    "nothing": lambda server: nullcontext(),
    "Redis is gone": gone,
    "Redis says nothing": silent,
    "Redis forgets": forgetful,
    "Redis begins anew": begun_anew,
}
