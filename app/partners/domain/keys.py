"""What a partner's key may do: its rights, its addresses, its mode, and how its secret looks."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import timedelta

from app.kernel import ids
from app.kernel.errors import Forbidden, Unauthenticated, Unprocessable

LIVE, TEST = "live", "test"
KEY_LIFE = timedelta(days=366)
TOKEN_LIFE = timedelta(minutes=15)
MOST_NETWORKS = 20
SHORTEST_PREFIX = {4: 8, 6: 32}  # a wider one is no list of addresses any more


class KeyOfOtherMode(Unauthenticated):
    """A live key in a test deployment, or the other way round: they know nothing of each other."""

    code = "partner.key_other_mode"


class AddressNotAllowed(Forbidden):
    """The key is for requests from other addresses."""

    code = "partner.address_not_allowed"


class NetworkMalformed(Unprocessable):
    """Not an address or a network such as 203.0.113.0/24, or too wide a one."""

    code = "partner.network_malformed"


class ScopeNotYours(Forbidden):
    """A key cannot give another one more than it has itself."""

    code = "partner.scope_not_yours"


def new_key_id(mode: str) -> str:
    """`key_live_…` or `key_test_…`: no secret, so that a look at it says where it belongs."""
    return ids.new_token(f"key_{mode}", 12)


def new_secret(mode: str) -> str:
    """`sk_live_…` or `sk_test_…`, 32 random bytes."""
    return ids.new_token(f"sk_{mode}", 32)


def check_networks(networks: Sequence[str]) -> list[str]:
    """The networks in their one spelling; none: every address. Raises NetworkMalformed."""
    found = []
    for text in networks:
        try:
            network = ipaddress.ip_network(text)
        except ValueError as error:
            raise NetworkMalformed("Give addresses or networks such as 203.0.113.0/24.") from error
        if network.prefixlen < SHORTEST_PREFIX[network.version]:
            raise NetworkMalformed("This network is too wide.", shortest_prefix=SHORTEST_PREFIX)
        found.append(str(network))
    if len(found) > MOST_NETWORKS:
        raise NetworkMalformed("A key has twenty networks at most.")
    return found


def check_address(address: str | None, networks: Sequence[str]) -> None:
    """Raises AddressNotAllowed. An IPv4 address that arrives in IPv6 form is the same address."""
    if not networks:
        return
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError as error:
        raise AddressNotAllowed("This key is for requests from other addresses.") from error
    plain = getattr(found, "ipv4_mapped", None) or found
    if not any(plain in ipaddress.ip_network(network) for network in networks):
        raise AddressNotAllowed("This key is for requests from other addresses.")


def check_mode(mode: str, deployment: str) -> None:
    """Raises KeyOfOtherMode."""
    if mode != deployment:
        raise KeyOfOtherMode(f"This is a {deployment} deployment; the key is a {mode} key.")
