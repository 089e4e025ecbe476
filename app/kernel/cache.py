"""Redis: a cache and a meeting point with short time-outs; PostgreSQL can rebuild what is in it, or it may be lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import structlog
from redis import Redis
from redis.exceptions import RedisError

TIMEOUT_S = 0.5
log = structlog.get_logger(__name__)
_client: Redis | None = None


def use(url: str) -> None:
    """Install the client of this process; it connects when first asked."""
    global _client  # noqa: PLW0603  one client a process
    _client = Redis.from_url(url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S)


def redis() -> Redis:
    """The client. Callers must work without it: catch RedisError and go on."""
    if _client is None:
        raise RuntimeError("kernel.cache has no address yet")
    return _client


def remembered(key: str, seconds: int, make: Callable[[], bytes]) -> bytes:
    """The bytes kept under the key, or made now and kept for so long; without Redis they are made each time."""
    try:
        found = cast("bytes | None", redis().get(key))
    except RedisError as error:
        log.warning("cache", error=error.__class__.__name__)
        return make()
    if found is not None:
        return found
    made = make()
    try:
        redis().set(key, made, ex=seconds)
    except RedisError as error:
        log.warning("cache", error=error.__class__.__name__)
    return made


def counted_within(key: str, most: int, seconds: int) -> bool:
    """Count one more under the key; whether it is among the first `most` of this stretch. Without Redis: yes."""
    try:
        pipeline = redis().pipeline()
        pipeline.incr(key)
        pipeline.expire(key, seconds, nx=True)
        return int(pipeline.execute()[0]) <= most
    except RedisError as error:
        log.warning("cache", error=error.__class__.__name__)
        return True
