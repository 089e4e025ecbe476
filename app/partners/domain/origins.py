"""Web origins as browsers write them (RFC 6454 §6.2): compared byte for byte, so only that one spelling is kept."""

from __future__ import annotations

import re

from app.kernel.errors import Unprocessable

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SECURE = re.compile(rf"https://{_HOST}(?::(?P<port>[1-9][0-9]{{0,4}}))?")
_LOOPBACK = re.compile(r"http://(?:127\.0\.0\.1|localhost)(?::(?P<port>[1-9][0-9]{0,4}))?")
LONGEST = 255


class OriginMalformed(Unprocessable):
    """Not an origin that may hold our frames."""

    code = "partner.origin_malformed"


def check_origin(origin: str, *, loopback_too: bool) -> str:
    """`https://host[:port]` in lower case, without default port, path or wildcard; answers it unchanged.

    `loopback_too`: http on this machine as well, for demo and test deployments. Raises OriginMalformed.
    """
    match = _SECURE.fullmatch(origin) or (_LOOPBACK.fullmatch(origin) if loopback_too else None)
    default = "443" if origin.startswith("https:") else "80"
    if match is None or len(origin) > LONGEST or match["port"] == default or int(match["port"] or 0) > 65535:
        raise OriginMalformed("Give an origin as browsers write it, such as https://shop.example.")
    return origin
