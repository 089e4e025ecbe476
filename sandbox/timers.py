"""Things that happen later (notices, results of transfers), kept in the store so that a restart loses none."""

from __future__ import annotations

import logging
import math
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from sandbox.store import Document

if TYPE_CHECKING:
    from sandbox.context import World

Job = Callable[["World", dict[str, Any]], None]

KIND = "timer"
SCALE = ("clock", "scale")
TICK_SECONDS = 0.05

_jobs: dict[str, Job] = {}
_log = logging.getLogger(__name__)


def timer_job(name: str) -> Callable[[Job], Job]:
    """Register a function under the name that timers carry in the store."""

    def register(job: Job) -> Job:
        _jobs[name] = job
        return job

    return register


def scale(world: World) -> float:
    """How many times faster waiting goes."""
    return float((world.store.get(*SCALE) or {"time_scale": 1.0})["time_scale"])


def change_scale(world: World, time_scale: float) -> None:
    """Turn the clock for what will wait and for what is left of what waits; an instant that was set stays."""
    factor, now = scale(world) / time_scale, world.seconds()
    world.store.put(*SCALE, {"time_scale": time_scale})
    for timer_id, timer in world.store.due(KIND, "due", math.inf):
        if timer.get("waits"):
            world.store.put(KIND, timer_id, timer | {"due": now + max(0.0, timer["due"] - now) * factor})


class Timers:
    """Runs stored jobs when they are due, at least once each: a job that a crash interrupts runs again."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._running: set[str] = set()
        self._lock = threading.Lock()

    def at(self, world: World, due: float, job: str, argument: dict[str, Any], *, timer_id: str | None = None) -> str:
        """Plan a job for a Unix second; planning again under the same id moves it. Answers the id."""
        return self._put(world, timer_id, {"due": due, "job": job, "argument": argument})

    def after(
        self, world: World, seconds: float, job: str, argument: dict[str, Any], *, timer_id: str | None = None
    ) -> str:
        """Plan a job for `seconds` from now, on the clock that can be turned faster."""
        due = world.seconds() + seconds / scale(world)
        return self._put(world, timer_id, {"due": due, "job": job, "argument": argument, "waits": True})

    def _put(self, world: World, timer_id: str | None, timer: Document) -> str:
        timer_id = timer_id or secrets.token_hex(8)
        world.store.put(KIND, timer_id, timer)
        return timer_id

    def run_due(self, world: World) -> int:
        """Run in this thread what is due now, and what that makes due at once; answers how many jobs ran."""
        count = 0
        while timers := self._take(world):
            for timer_id, timer in timers:
                self._run(world, timer_id, timer)
                count += 1
        return count

    def start(self, world: World) -> None:
        """Watch the clock in a thread of its own until stop()."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._watch, args=(world,), name="timers", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching; jobs that run now are allowed to end."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _watch(self, world: World) -> None:
        with ThreadPoolExecutor(max_workers=32, thread_name_prefix="timer") as pool:
            while not self._stop.wait(TICK_SECONDS):
                for timer_id, timer in self._take(world):
                    pool.submit(self._run, world, timer_id, timer)

    def _take(self, world: World) -> list[tuple[str, Document]]:
        now = world.seconds()
        with self._lock:
            taken = [entry for entry in world.store.due(KIND, "due", now) if entry[0] not in self._running]
            self._running.update(timer_id for timer_id, _ in taken)
        return taken

    def _run(self, world: World, timer_id: str, timer: Document) -> None:
        """Run one job; the timer goes when the job has ended, unless the job itself planned it anew."""
        try:
            _jobs[timer["job"]](world, timer["argument"])
        except Exception:
            _log.exception("timer job %s failed", timer["job"])
        finally:
            if world.store.get(KIND, timer_id) == timer:
                world.store.delete(KIND, timer_id)
            with self._lock:
                self._running.discard(timer_id)
