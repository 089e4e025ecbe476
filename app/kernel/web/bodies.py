"""Bodies whose bytes are signed: taken exactly as they came."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType


def raw_body(most_bytes: int) -> bytes:
    """The body, never inflated, never larger than `most_bytes`. Raises HTTP 415 and 413."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Send the body as it is, without an encoding.")
    if (request.content_length or 0) > most_bytes:
        raise RequestEntityTooLarge(f"A body here has at most {most_bytes} bytes.")
    raw = request.get_data(cache=True)
    if len(raw) > most_bytes:
        raise RequestEntityTooLarge(f"A body here has at most {most_bytes} bytes.")
    return raw
