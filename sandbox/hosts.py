"""Which addresses count as the bank's own: its host, and on this machine every name of the machine."""

from __future__ import annotations

from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_loopback(url: str) -> bool:
    """Does this address lead to this machine?"""
    return urlsplit(url).hostname in LOOPBACK


def same_host(url: str, bank_url: str) -> bool:
    """Is this on the bank's full domain, whatever the port? Subdomains do not count, as in WeChat's console."""
    return urlsplit(url).hostname == urlsplit(bank_url).hostname or (is_loopback(url) and is_loopback(bank_url))
