"""The dated versions of what partners are told; each key and each webhook endpoint is pinned to one."""

from __future__ import annotations

from app.kernel.errors import Malformed

# Oldest first. A new one is made only when something is taken away or changes its meaning; new fields need none.
VERSIONS = (
    "2026-11-01",
    "2026-11-23",  # events name their version
)
NEWEST = VERSIONS[-1]
EVENTS_NAME_THEIR_VERSION = "2026-11-23"


class VersionUnknown(Malformed):
    """`Dukou-Version` or `version` is not a version that was ever published."""

    code = "partner.version_unknown"


def check_version(version: str) -> str:
    """Raises VersionUnknown."""
    if version not in VERSIONS:
        raise VersionUnknown("There is no such version.", known=list(VERSIONS))
    return version
