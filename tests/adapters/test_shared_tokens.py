"""One fetch for all: threads, processes, with Redis, without it, and without anything."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import cache, clock, db, shared_tokens
from app.kernel.shared_tokens import DatabaseStore, Fresh, RedisStore, Shared, SharedToken
from tests.servers import TestServers

NAME = "test_token:wx1"


class Source:
    """A vendor that numbers its tokens and takes a moment."""

    def __init__(self, usable_s: float = 7000) -> None:
        self.times = 0
        self.usable_s = usable_s
        self._lock = threading.Lock()

    def __call__(self) -> Fresh:
        with self._lock:
            self.times += 1
        time.sleep(0.1)
        return Fresh(f"token-{self.times}", self.usable_s)


@pytest.fixture
def redis_down(monkeypatch: pytest.MonkeyPatch, servers: TestServers) -> Iterator[None]:
    """Nobody listens where Redis should be."""
    cache.use("redis://127.0.0.1:1/0")
    monkeypatch.setattr(shared_tokens, "STORES", (RedisStore(), DatabaseStore()))
    yield
    cache.use(servers.valkey_url)


@pytest.fixture
def nothing_up(redis_down: None) -> Iterator[None]:
    engine = db.make_engine("postgresql://nobody@127.0.0.1:1/none")
    db.use(sessionmaker(bind=engine))
    yield
    engine.dispose()


def in_threads(count: int, work: Callable[[], str]) -> set[str]:
    with ThreadPoolExecutor(count) as pool:
        return {future.result() for future in [pool.submit(work) for _ in range(count)]}


def test_eight_threads_on_a_cold_start_fetch_once(empty_cache: None) -> None:
    source = Source()
    shared = Shared(NAME, source)
    assert in_threads(8, shared.value) == {"token-1"} and source.times == 1


def test_eight_processes_on_a_cold_start_fetch_once(empty_cache: None) -> None:
    """Each Shared has a lock of its own, as each process has."""
    source = Source()
    many = iter([Shared(NAME, source) for _ in range(8)])
    lock = threading.Lock()

    def work() -> str:
        with lock:
            mine = next(many)
        return mine.value()

    assert in_threads(8, work) == {"token-1"} and source.times == 1


@pytest.mark.usefixtures("redis_down")
def test_while_redis_is_down_the_database_holds_the_lease(committed: sessionmaker[Session]) -> None:
    source = Source()
    many = iter([Shared(NAME, source) for _ in range(8)])
    lock = threading.Lock()

    def work() -> str:
        with lock:
            mine = next(many)
        return mine.value()

    assert in_threads(8, work) == {"token-1"} and source.times == 1
    with committed() as session:
        row = session.scalars(select(SharedToken)).one()
        assert row.name == NAME and row.sealed is not None and "token-1" not in row.sealed
    assert Shared(NAME, source).value(refused="token-1") == "token-2"


@pytest.mark.usefixtures("nothing_up")
def test_without_any_store_everyone_fetches_for_himself() -> None:
    source = Source()
    assert Shared(NAME, source).value() == "token-1"
    assert Shared(NAME, source).value() == "token-2"


def test_nothing_readable_lies_in_redis(empty_cache: None) -> None:
    Shared(NAME, Source()).value()
    kept = cache.redis().get(f"shared:{NAME}")
    assert isinstance(kept, bytes) and b"token-1" not in kept
    assert cache.redis().get(f"lease:{NAME}") is None


def test_an_expired_value_is_not_handed_out(empty_cache: None) -> None:
    source = Source(usable_s=100)
    shared = Shared(NAME, source)
    with clock.at(datetime(2027, 1, 1, tzinfo=UTC)) as move:
        assert (shared.value(), shared.value()) == ("token-1", "token-1")
        move(timedelta(seconds=101))
        assert shared.value() == "token-2"


def test_a_refused_value_is_replaced_once_for_all(empty_cache: None) -> None:
    source = Source()
    shared = Shared(NAME, source)
    old = shared.value()
    assert in_threads(8, lambda: shared.value(refused=old)) == {"token-2"} and source.times == 2
    assert shared.value(refused="an older one") == "token-2"


def test_a_failed_fetch_ends_the_lease(empty_cache: None) -> None:
    def fails() -> Fresh:
        raise ConnectionError("down")

    with pytest.raises(ConnectionError):
        Shared(NAME, fails).value()
    assert Shared(NAME, Source()).value() == "token-1"


@pytest.mark.parametrize("store", ["redis", "database"])
def test_a_lease_of_a_killed_process_ends_by_itself(
    store: str, empty_cache: None, committed: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_tokens, "LEASE_S", 0.3)
    chosen = RedisStore() if store == "redis" else DatabaseStore()
    monkeypatch.setattr(shared_tokens, "STORES", (chosen,))
    assert chosen.lease(NAME) and not chosen.lease(NAME)
    assert Shared(NAME, Source()).value() == "token-1"


def test_a_value_sealed_with_another_key_is_fetched_anew(empty_cache: None) -> None:
    cache.redis().set(f"shared:{NAME}", "gone.AAAA")
    assert Shared(NAME, Source()).value() == "token-1"


def test_who_waited_behind_a_failed_fetch_does_not_wait_again(empty_cache: None) -> None:
    times: list[int] = []

    def fails() -> Fresh:
        times.append(1)
        time.sleep(0.3)
        raise ConnectionError("down")

    shared = Shared(NAME, fails)

    def work() -> str:
        try:
            return shared.value()
        except ConnectionError:
            return "failed"

    assert in_threads(8, work) == {"failed"} and len(times) == 1
    with pytest.raises(ConnectionError):
        shared.value()
    assert len(times) == 2
