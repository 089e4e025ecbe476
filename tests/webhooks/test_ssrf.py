"""Where webhooks must not go: addresses, names, ports, spellings (attack set W)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.webhooks import ssrf
from app.webhooks.ssrf import LOOPBACK_TOO, PUBLIC_ONLY, UrlRefused

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.8.8.8",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1",
        "198.18.0.1", "198.51.100.1", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:10.0.0.1", "::ffff:93.184.215.14", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::a00:1",
        "100::1", "2001::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:a00:1::1", "3fff::1", "5f00::1",
        "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "not an address", "",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not ssrf.is_allowed(address, PUBLIC_ONLY)


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "172.32.0.1", "2606:4700:4700::1111", "2400:3200::1"])
def test_public_addresses(address: str) -> None:
    assert ssrf.is_allowed(address, PUBLIC_ONLY)


@given(st.ip_addresses(network="::ffff:0:0/96") | st.ip_addresses(network="64:ff9b::/96"))
def test_no_wrapped_address_is_public(address: object) -> None:
    assert not ssrf.is_allowed(str(address), PUBLIC_ONLY)


@pytest.mark.parametrize(
    "addresses",
    [[PUBLIC, "10.0.0.1"], ["10.0.0.1"], [PUBLIC, "fd00::1"], [PUBLIC, "::ffff:169.254.169.254"], ["127.0.0.1"], []],
)
def test_one_address_that_is_not_public_spoils_the_name(addresses: list[str]) -> None:
    with pytest.raises(UrlRefused):
        ssrf.allowed_addresses("hook.example", 443, PUBLIC_ONLY, lambda host, port: addresses)


def test_a_name_with_public_addresses_passes() -> None:
    found = ssrf.allowed_addresses("hook.example", 443, PUBLIC_ONLY, lambda host, port: [PUBLIC, PUBLIC, "1.1.1.1"])
    assert found == [PUBLIC, "1.1.1.1"]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://hook.example/", "scheme"), ("ftp://hook.example/", "scheme"), ("file:///etc/passwd", "scheme"),
        ("gopher://hook.example/", "scheme"), ("//hook.example/", "scheme"), ("hook.example", "scheme"),
        ("https://hook.example:22/", "port"), ("https://hook.example:5432/", "port"),
        ("https://hook.example:25", "port"), ("https://hook.example:6379/", "port"),
        ("https://hook.example:8443/", "port"), ("https://hook.example:0/", "port"),
        ("https://hook.example:99999/", "syntax"), ("https://hook.example:x/", "syntax"),
        ("https://user@hook.example/", "syntax"), ("https://user:pass@hook.example/", "syntax"),
        ("https://hook.example/#x", "syntax"), ("https://hook.example#@10.0.0.1/", "syntax"),
        ("https:///x", "host"), ("https://", "host"), ("https://ho_ok.example/", "host"), ("https://a%2eb/", "host"),
        ("https://[::1]/", "address"), ("https://[::ffff:10.0.0.1]/", "address"), ("https://[fe80::1%25eth0]/", "host"),
        ("https://10.0.0.1/", "address"), ("https://169.254.169.254/latest", "address"), ("https://[::1", "syntax"),
        ("https://hook.example/ x", "characters"), ("https://hook.example/\n", "characters"),
        ("https://hook.example\\@10.0.0.1/", "characters"), ("https://例子.example/", "characters"),
        ("https://hook.example/" + "a" * 500, "characters"),
    ],
)  # fmt: skip
def test_urls_that_are_refused(url: str, reason: str) -> None:
    with pytest.raises(UrlRefused) as refused:
        ssrf.check_url(url, PUBLIC_ONLY)
    assert refused.value.context["reason"] == reason


@pytest.mark.parametrize(
    "url", ["https://hook.example/a?b=c", "https://hook.example:443", "https://xn--fsqu00a.example/"]
)
def test_urls_that_pass(url: str) -> None:
    assert ssrf.check_url(url, PUBLIC_ONLY) == url


def test_loopback_is_for_demo_and_test_only() -> None:
    assert ssrf.check_url("http://127.0.0.1:8001/hook", LOOPBACK_TOO)
    assert ssrf.is_allowed("127.0.0.1", LOOPBACK_TOO)
    assert not ssrf.is_allowed("10.0.0.1", LOOPBACK_TOO)
    assert ssrf.policy(production=True) == PUBLIC_ONLY


def test_numeric_spellings_of_loopback_are_caught_when_resolved() -> None:
    for host in ("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "localhost."):
        with pytest.raises(UrlRefused):
            ssrf.allowed_addresses(host, 443, PUBLIC_ONLY, ssrf.system_resolver)
