"""Structured logs: one JSON line an event, with the request id, and without personal data or keys."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# Names whose values never belong in a log line, and shapes that are masked wherever they turn up.
SECRET_NAMES = frozenset(
    (
        *("phone", "id_no", "name", "openid", "unionid", "email", "account_no", "card_no"),
        *("session_key", "token", "secret", "password", "code", "authorization", "signature"),
        *("private_key", "client_token", "cookie"),
    )
)
_SHAPES = (
    (re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}[01]\d[0-3]\d\d{3}[0-9Xx](?![0-9A-Za-z])"), "[id]"),
    (re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)"), "[phone]"),
    (re.compile(r"(?<![0-9A-Za-z])\d{15,19}(?![0-9A-Za-z])"), "[number]"),
    (re.compile(r"(?<![0-9A-Za-z_-])o[0-9A-Za-z_-]{27}(?![0-9A-Za-z_-])"), "[openid]"),
    (re.compile(r"-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----", re.S), "[key]"),
    (re.compile(r"\bwhsec_[0-9A-Za-z+/]{8,}=*"), "[token]"),
    (re.compile(r"\b(?:ect|eft|epc|otc|cs|ss|sf|br)_[0-9A-Za-z_-]{8,}"), "[token]"),
)
SHORTEST = 11  # a phone number, br_ with eight: no shape is in a shorter text


def mask_text(text: str) -> str:
    """Replace resident ids, phone numbers, long digit strings, openids, keys and tokens in free text."""
    if len(text) < SHORTEST:
        return text
    for shape, replacement in _SHAPES:
        text = shape.sub(replacement, text)
    return text


def mask(value: Any, name: str = "") -> Any:
    """Mask one value by its name and, inside strings, by its shape; walks dicts and lists."""
    if name.lower() in SECRET_NAMES and value not in (None, ""):
        return "[masked]"
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, dict):
        return {key: mask(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [mask(item) for item in value]
    return value


def _mask_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: mask(value, key) for key, value in event.items()}


def configure(level: str = "INFO") -> None:
    """Route structlog and the standard library through the same masking JSON renderer on standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = [
        structlog.processors.format_exc_info,
        _mask_event,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    server = logging.getLogger("gunicorn.error")  # writes refused request lines and headers by a handler of its own
    server.handlers.clear()
    server.propagate = True
    for noisy in ("alembic", "httpx", "httpcore", "procrastinate", "werkzeug"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
