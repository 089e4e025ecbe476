"""Which addresses count as the bank's own, as this machine's, and as the sandbox's."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import abort, request

from sandbox.context import current

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_loopback(url: str) -> bool:
    """Does this address lead to this machine?"""
    return _name(url) in LOOPBACK


def refuse_strangers() -> None:
    """Keep other sites out that a developer's browser has open: the sandbox holds codes, and anybody may press here.

    A name that its owner pointed at this machine (DNS rebinding) is 421; a page elsewhere that posts to the control
    API is 403. Programs send no Origin.
    """
    name = _name(f"//{request.host}")
    if name not in (*LOOPBACK, _name(current().base_url)) and not name.endswith(".localhost"):
        abort(421)
    origin = request.headers.get("Origin")
    pushes = request.method not in ("GET", "HEAD", "OPTIONS") and request.path.startswith("/sandbox/api/")
    if pushes and origin is not None and not is_loopback(origin):
        abort(403)


def _name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def same_host(url: str, bank_url: str) -> bool:
    """Is this on the bank's full domain, whatever the port? Subdomains do not count, as in WeChat's console."""
    return urlsplit(url).hostname == urlsplit(bank_url).hostname or (is_loopback(url) and is_loopback(bank_url))
