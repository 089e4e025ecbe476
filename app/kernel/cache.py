"""Redis: a cache and a meeting point with short time-outs; nothing in it that PostgreSQL cannot rebuild."""

from __future__ import annotations

from redis import Redis

TIMEOUT_S = 0.5
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
