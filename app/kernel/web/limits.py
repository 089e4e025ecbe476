"""How often one address may ask: limits by audience, counted in Redis, in this process's memory while Redis is away."""

from __future__ import annotations

import ipaddress
import time
from contextlib import suppress

from flask import Blueprint, Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter, RateLimitExceeded
from redis.exceptions import RedisError
from werkzeug.middleware.proxy_fix import ProxyFix

from app.kernel.cache import TIMEOUT_S
from app.kernel.errors import TooMany

UNKNOWN_WAIT_S = 60
IPV6_PREFIX = 64  # what one household or server gets: an address of it is no identity


class Limits:
    """The limits of one application."""

    def __init__(self, app: Flask, redis_url: str) -> None:
        self._limiter = Limiter(
            caller,
            storage_uri=f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url,
            storage_options={"socket_timeout": TIMEOUT_S, "socket_connect_timeout": TIMEOUT_S},  # type: ignore[dict-item]
            strategy="moving-window",
            in_memory_fallback_enabled=True,
            headers_enabled=False,  # the library's tell a moment of the clock, ours seconds from now
            key_prefix="limits",
        )
        self._limiter.init_app(app)
        app.after_request(self._tell)
        app.register_error_handler(RateLimitExceeded, self._refuse)

    def apply(self, blueprint: Blueprint, name: str, amount: str, methods: tuple[str, ...] | None = None) -> None:
        """All routes of all blueprints under this name share one amount, such as `120/minute`."""
        allowed = list(methods) if methods else None
        self._limiter.shared_limit(amount, scope=name, methods=allowed)(blueprint)

    def _tell(self, response: Response) -> Response:
        """`RateLimit-*` as draft-ietf-httpapi-ratelimit-headers has them: the tightest limit, seconds until it ends."""
        found = self._limiter.current_limit
        if found is None:
            return response
        try:
            left, reset_s = found.remaining, _seconds_until(found.reset_at)
        except RedisError:
            return response  # Redis went away in this very request: counted, but how far is not known
        response.headers["RateLimit-Policy"] = f"{found.limit.amount};w={found.limit.get_expiry()}"
        response.headers["RateLimit-Limit"] = str(found.limit.amount)
        response.headers["RateLimit-Remaining"] = str(max(0, left))
        response.headers["RateLimit-Reset"] = str(reset_s)
        return response

    def _refuse(self, _: RateLimitExceeded) -> ResponseReturnValue:
        """As any other problem: a page where people look, problem+json elsewhere."""
        wait_s = UNKNOWN_WAIT_S
        with suppress(RedisError):
            if found := self._limiter.current_limit:
                wait_s = _seconds_until(found.reset_at)
        return current_app.handle_user_exception(
            TooMany(f"Too many requests from this address. Ask again in {wait_s} s.", retry_after_s=wait_s)
        )


def caller() -> str:
    """Who is counted: the address behind the trusted proxies, of IPv6 the network."""
    address = request.remote_addr or "unknown"
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
    except ValueError:
        return address


def trust_proxies(app: Flask, hops: int) -> None:
    """Take the caller's address from X-Forwarded-For as `hops` proxies of ours wrote it; 0 believes nobody."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]


def _seconds_until(moment: float) -> int:
    return max(1, round(moment - time.time()))

