"""How often one caller may ask: counted in Redis, in this process's memory while Redis is away.

Each audience names its rules. Those by address come before the caller is recognised, the others after it. A rule on
`refusals` counts only answers 401: it stops strangers who try keys and tokens, without a limit on those who hold them.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import structlog
from flask import Flask, Response, g, request
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError
from werkzeug.middleware.proxy_fix import ProxyFix

from app.kernel.audience import EmbedPrincipal, PartnerPrincipal
from app.kernel.cache import TIMEOUT_S
from app.kernel.errors import TooMany, Unavailable

IPV6_PREFIX = 64  # what one household or server gets: an address of it is no identity
LEFT_ALONE_S = 5.0  # after a failure Redis is not asked for so long: a request waits for its time-out at most once
log = structlog.get_logger(__name__)
T = TypeVar("T")


class NotCounted(Unavailable):
    """Tries cannot be counted now, so none is allowed; what is signed in goes on."""

    code = "rate_limit.not_counted"


def caller() -> str:
    """The address behind the trusted proxies, of IPv6 the network."""
    address = request.remote_addr or "unknown"
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
    except ValueError:
        return address


def _key() -> str:
    found = g.get("principal")
    return found.key_id if isinstance(found, PartnerPrincipal) else ""


def _partner() -> str:
    found = g.get("principal")
    return str(found.partner_id) if isinstance(found, PartnerPrincipal) else ""


def _frame() -> str:
    found = g.get("principal")
    return str(found.embed_session_id) if isinstance(found, EmbedPrincipal) else ""


WHO: dict[str, Callable[[], str]] = {"address": caller, "key": _key, "partner": _partner, "frame": _frame}


@dataclass(frozen=True)
class Rule:
    """`setting` says how many; `who` is counted; `without_redis` names a lower amount for while Redis is away.

    `shut_without_redis`: nobody may try while tries cannot be counted across all processes. `told`: whether the caller
    hears how far it is; reading that costs as much as counting, and WeChat Pay does not listen. `share_of_own`: each
    process first uses up this part of the amount on its own, so that who asks seldom waits for no Redis.
    """

    setting: str
    who: str = "address"
    methods: tuple[str, ...] = ()  # none: all
    without_redis: str | None = None
    refusals: bool = False
    shut_without_redis: bool = False
    told: bool = True
    share_of_own: float = 0.0

    def applies(self) -> bool:
        return not self.methods or request.method in self.methods


@dataclass(frozen=True)
class Standing:
    """How far a caller is from a limit."""

    limit: RateLimitItem
    remaining: int
    reset_s: int


class Limits:
    """The limits of one application; `amounts` are the settings by name, empty for no limit."""

    def __init__(self, redis_url: str, amounts: dict[str, str]) -> None:
        self._amounts = {name: parse_many(amount) for name, amount in amounts.items() if amount}
        timeouts = {"socket_timeout": TIMEOUT_S, "socket_connect_timeout": TIMEOUT_S}
        url = f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url
        self._shared = SlidingWindowCounterRateLimiter(RedisStorage(url, **timeouts))  # type: ignore[arg-type]
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shares = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._ask_redis_at = 0.0

    def register(self, app: Flask) -> None:
        """Tell callers how far they are."""
        app.after_request(_tell)

    def check(self, rules: Sequence[Rule]) -> None:
        """Count this request under each of the rules. Raises TooMany."""
        for rule in rules:
            if rule.applies() and not self._within_share(rule):
                self._check(rule)

    def count_refusal(self, rules: Sequence[Rule]) -> None:
        """The caller proved nothing."""
        for rule in rules:
            if rule.refusals:
                limits, who = self._amounts.get(rule.setting, []), WHO[rule.who]()
                self._ask(partial(_count_all, rule, limits, who))

    def _within_share(self, rule: Rule) -> bool:
        limits = self._amounts.get(rule.setting, [])
        shares = [type(one)(int(one.amount * rule.share_of_own), one.multiples, one.namespace) for one in limits]
        if not all(one.amount for one in shares):
            return False
        return all(self._shares.hit(one, rule.setting, WHO[rule.who]()) for one in shares)

    def _check(self, rule: Rule) -> None:
        who = WHO[rule.who]()
        usual = self._amounts.get(rule.setting, [])
        lower = self._amounts.get(rule.without_redis, usual) if rule.without_redis else usual

        def count(by: SlidingWindowCounterRateLimiter) -> list[tuple[bool, Standing]]:
            if usual and rule.shut_without_redis and by is not self._shared:
                raise NotCounted("This cannot be done for the moment. Try again soon.", retry_after_s=int(LEFT_ALONE_S))
            limits = usual if by is self._shared else lower
            spent = [(_spend(by, rule, limit, who), limit) for limit in limits]
            return [(allowed, _standing(by, rule, limit, who)) for allowed, limit in spent if rule.told or not allowed]

        found = self._ask(count)
        for allowed, standing in found:
            if not allowed:
                g.standing = Standing(standing.limit, 0, standing.reset_s)
                wait_s = standing.reset_s
                raise TooMany(f"Too many requests. Ask again in {wait_s} s.", retry_after_s=wait_s, counted=rule.who)
        if not rule.refusals and found:
            seen = [standing for _, standing in found]
            g.standing = min([*seen, g.get("standing", seen[0])], key=lambda one: one.remaining / one.limit.amount)

    def _ask(self, question: Callable[[SlidingWindowCounterRateLimiter], T]) -> T:
        """Of Redis; of this process's memory while Redis is away."""
        if time.monotonic() >= self._ask_redis_at:
            try:
                return question(self._shared)
            except RedisError as error:
                log.warning("limits", error=error.__class__.__name__)
                self._ask_redis_at = time.monotonic() + LEFT_ALONE_S
        return question(self._own)


def _count_all(rule: Rule, limits: list[RateLimitItem], who: str, by: SlidingWindowCounterRateLimiter) -> None:
    for limit in limits:
        by.hit(limit, rule.setting, who)


def _spend(by: SlidingWindowCounterRateLimiter, rule: Rule, limit: RateLimitItem, who: str) -> bool:
    return by.test(limit, rule.setting, who) if rule.refusals else by.hit(limit, rule.setting, who)


def _standing(by: SlidingWindowCounterRateLimiter, rule: Rule, limit: RateLimitItem, who: str) -> Standing:
    found = by.get_window_stats(limit, rule.setting, who)
    return Standing(limit, max(0, found.remaining), max(1, round(found.reset_time - time.time())))


def _tell(response: Response) -> Response:
    """`RateLimit-*` as draft-ietf-httpapi-ratelimit-headers has them: the tightest limit, seconds until it ends."""
    found: Standing | None = g.get("standing")
    if found is not None:
        response.headers["RateLimit-Policy"] = f"{found.limit.amount};w={found.limit.get_expiry()}"
        response.headers["RateLimit-Limit"] = str(found.limit.amount)
        response.headers["RateLimit-Remaining"] = str(found.remaining)
        response.headers["RateLimit-Reset"] = str(found.reset_s)
    return response


def trust_proxies(app: Flask, hops: int) -> None:
    """Take the caller's address from X-Forwarded-For as `hops` proxies of ours wrote it; 0 believes nobody."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
