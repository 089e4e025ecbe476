"""Values that all processes share and one of them fetches: vendors' access tokens, tickets, certificates.

One fetch at a time: among threads by a lock, among processes by a lease in Redis, or in PostgreSQL while Redis is down.
When neither answers every process fetches for itself, which must therefore be harmless.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import structlog
from redis.exceptions import RedisError
from sqlalchemy import String, Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import cache, clock, crypto
from app.kernel.db import Base, Instant, transaction

LEASE_S = 15.0  # longer than any fetch
LOOK_AGAIN_S = 0.05
REDIS_REST_S = 5.0
T = TypeVar("T")
log = structlog.get_logger(__name__)


class SharedToken(Base):
    """The copy in PostgreSQL; used while Redis is down."""

    __tablename__ = "shared_tokens"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    sealed: Mapped[str | None] = mapped_column(Text)
    leased_until: Mapped[Instant]


@dataclass(frozen=True)
class Fresh:
    """What a fetch brought, and for how many seconds it may be handed out."""

    value: str
    usable_s: float


@dataclass(frozen=True)
class Kept:
    """A value as it is kept."""

    value: str
    fetched_at: datetime
    usable_until: datetime


class Shared:
    """One named value. `fetch` asks the vendor; it runs outside any transaction and may raise."""

    def __init__(self, name: str, fetch: Callable[[], Fresh]) -> None:
        self.name = name
        self._fetch = fetch
        self._turn = threading.Lock()
        self._failed: tuple[float, Exception] | None = None

    def value(self, *, refused: str | None = None, youngest_s: float = 0.0) -> str:
        """The shared value, fetched if there is none or if the vendor `refused` the one there is.

        A refused value younger than `youngest_s` is answered all the same: no more than one fetch in that time.
        """
        kept = self._fitting(refused, youngest_s)
        if kept is not None:
            return kept
        asked_at = time.monotonic()
        with self._turn:
            if self._failed is not None and self._failed[0] > asked_at:
                raise self._failed[1]  # who waited behind a failed fetch shares its failure, not its wait
            return self._wait_or_fetch(refused, youngest_s)

    def _wait_or_fetch(self, refused: str | None, youngest_s: float) -> str:
        gives_up_at = time.monotonic() + LEASE_S
        while True:
            kept = self._fitting(refused, youngest_s)
            if kept is not None:
                return kept
            if _ask(lambda store: store.lease(self.name), True) or time.monotonic() > gives_up_at:
                break
            time.sleep(LOOK_AGAIN_S)
        kept = self._fitting(refused, youngest_s)  # the holder before us may have finished between look and lease
        return self._fetched() if kept is None else kept

    def _fetched(self) -> str:
        try:
            fresh = self._fetch()
        except Exception as failure:
            self._failed = (time.monotonic(), failure)
            _ask(lambda store: store.release(self.name), None)
            raise
        now = clock.now()
        kept = Kept(fresh.value, now, now + timedelta(seconds=fresh.usable_s))
        _ask(lambda store: store.keep(self.name, kept), None)
        log.info("shared_token_fetched", shared=self.name.partition(":")[0], usable_s=round(fresh.usable_s))
        return fresh.value

    def _fitting(self, refused: str | None, youngest_s: float) -> str | None:
        kept = _ask(lambda store: store.read(self.name), None)
        now = clock.now()
        if kept is None or kept.usable_until <= now:
            return None
        if kept.value == refused and kept.fetched_at + timedelta(seconds=youngest_s) <= now:
            return None
        return kept.value


class Store(Protocol):
    """Where values and leases are kept. Every call may fail; then the next store is asked."""

    def read(self, name: str) -> Kept | None:
        """The value that is kept."""

    def lease(self, name: str) -> bool:
        """True for the one who may fetch now."""

    def keep(self, name: str, kept: Kept) -> None:
        """Keep the value and end the lease."""

    def release(self, name: str) -> None:
        """End the lease without a value."""


class Resting(RedisError):
    """Redis failed a moment ago."""


class RedisStore:
    """Redis, left alone for a few seconds after it failed."""

    def __init__(self) -> None:
        self._rests_until = 0.0

    def read(self, name: str) -> Kept | None:
        found = self._do(lambda: cache.redis().get(f"shared:{name}"))
        return _opened(name, found.decode() if isinstance(found, bytes) else found)

    def lease(self, name: str) -> bool:
        return bool(self._do(lambda: cache.redis().set(f"lease:{name}", "1", nx=True, px=int(LEASE_S * 1000))))

    def keep(self, name: str, kept: Kept) -> None:
        left_ms = max(1, int((kept.usable_until - kept.fetched_at).total_seconds() * 1000))
        self._do(lambda: cache.redis().set(f"shared:{name}", _sealed(name, kept), px=left_ms))
        self.release(name)

    def release(self, name: str) -> None:
        self._do(lambda: cache.redis().delete(f"lease:{name}"))

    def _do(self, act: Callable[[], Any]) -> Any:
        if time.monotonic() < self._rests_until:
            raise Resting
        try:
            return act()
        except RedisError:
            self._rests_until = time.monotonic() + REDIS_REST_S
            raise


class DatabaseStore:
    """PostgreSQL: short transactions around the fetch, never one during it."""

    def read(self, name: str) -> Kept | None:
        with transaction() as session:
            sealed = session.execute(select(SharedToken.sealed).where(SharedToken.name == name)).scalar()
        return _opened(name, sealed)

    def lease(self, name: str) -> bool:
        now = clock.now()
        taken = insert(SharedToken).values(name=name, leased_until=now + timedelta(seconds=LEASE_S))
        query = taken.on_conflict_do_update(
            index_elements=["name"],
            set_={"leased_until": taken.excluded.leased_until},
            where=SharedToken.leased_until <= now,
        ).returning(SharedToken.name)
        with transaction() as session:
            return session.execute(query).scalar() is not None

    def keep(self, name: str, kept: Kept) -> None:
        self._write(name, {"sealed": _sealed(name, kept), "leased_until": clock.now()})

    def release(self, name: str) -> None:
        self._write(name, {"leased_until": clock.now()})

    def _write(self, name: str, values: dict[str, Any]) -> None:
        query = insert(SharedToken).values(name=name, **values)
        with transaction() as session:
            session.execute(query.on_conflict_do_update(index_elements=["name"], set_=values))


STORES: tuple[Store, ...] = (RedisStore(), DatabaseStore())


def _ask(act: Callable[[Store], T], otherwise: T) -> T:
    """What the first store says that answers; `otherwise` when none does."""
    for store in STORES:
        try:
            return act(store)
        except Resting:
            continue
        except (RedisError, SQLAlchemyError) as error:
            log.warning("shared_token_store", store=type(store).__name__, error=type(error).__name__)
    return otherwise


def _sealed(name: str, kept: Kept) -> str:
    plain = {
        "value": kept.value,
        "fetched_at": kept.fetched_at.isoformat(),
        "usable_until": kept.usable_until.isoformat(),
    }
    return crypto.seal(json.dumps(plain).encode(), f"shared_tokens.{name}")


def _opened(name: str, sealed: str | None) -> Kept | None:
    """None also for what cannot be opened: another deployment's, or sealed with a key that is gone."""
    if sealed is None:
        return None
    try:
        plain = json.loads(crypto.unseal(sealed, f"shared_tokens.{name}"))
    except crypto.SealBroken:
        return None
    return Kept(
        plain["value"], datetime.fromisoformat(plain["fetched_at"]), datetime.fromisoformat(plain["usable_until"])
    )
