"""Where a webhook may go: never to an address that only we can reach (attack: server-side request forgery).

The URL is checked when it is registered, every address of its name each time before a connection, and the connection
goes to the very address that was checked.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.kernel.errors import Unprocessable

LONGEST_URL = 500
DEFAULT_PORTS = {"https": 443, "http": 80}
_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.?|[0-9a-f:.]+")

Resolver = Callable[[str, int], Sequence[str]]

# IANA special-purpose registries; of IPv6 only 2000::/3 is given out as global unicast at all.
_NOT_PUBLIC = [
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
]  # fmt: skip
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")


class UrlRefused(Unprocessable):
    """Webhooks do not go there."""

    code = "webhook.url_refused"


@dataclass(frozen=True)
class Policy:
    """What a deployment allows; `ports` None means any, `loopback` this very machine."""

    schemes: frozenset[str]
    ports: frozenset[int] | None
    loopback: bool


PUBLIC_ONLY = Policy(frozenset({"https"}), frozenset({443}), loopback=False)
LOOPBACK_TOO = Policy(frozenset({"https", "http"}), None, loopback=True)  # demo and test deployments only


def policy(production: bool) -> Policy:
    """The policy of this kind of deployment."""
    return PUBLIC_ONLY if production else LOOPBACK_TOO


def check_url(url: str, allowed: Policy) -> str:
    """Answer the URL unchanged if it may be an endpoint. Raises UrlRefused with the reason in the context."""
    if len(url) > LONGEST_URL or not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise _refused("characters")
    try:
        parts = urlsplit(url)
        port = DEFAULT_PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
    except ValueError as error:
        raise _refused("syntax") from error
    if parts.scheme not in allowed.schemes:
        raise _refused("scheme")
    if parts.username is not None or parts.password is not None or "#" in url:
        raise _refused("syntax")
    if not parts.hostname or not _HOST.fullmatch(parts.hostname):
        raise _refused("host")
    if allowed.ports is not None and port not in allowed.ports:
        raise _refused("port")
    if _is_literal(parts.hostname) and not is_allowed(parts.hostname, allowed):
        raise _refused("address")
    return url


def allowed_addresses(host: str, port: int, allowed: Policy, resolve: Resolver) -> list[str]:
    """Every address of the name, when each of them may be reached; one that may not spoils all. Raises UrlRefused."""
    addresses = list(dict.fromkeys(resolve(host, port)))
    if not addresses:
        raise _refused("name")
    if not all(is_allowed(address, allowed) for address in addresses):
        raise _refused("address")
    return addresses


def is_allowed(address: str, allowed: Policy) -> bool:
    """Whether a connection to this IP address may be opened."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # also a scoped fe80::1%eth0
        return False
    return is_public(found) or (allowed.loopback and found.is_loopback)


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether the whole internet can reach it. Forms that wrap an IPv4 address (mapped, NAT64, 6to4) are not public."""
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return not any(address.version == block.version and address in block for block in _NOT_PUBLIC)


def system_resolver(host: str, port: int) -> list[str]:
    """What this machine's resolver says; none when it does not know the name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        return []
    return [str(entry[4][0]) for entry in found]


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _refused(reason: str) -> UrlRefused:
    return UrlRefused("Webhooks do not go there.", reason=reason)
