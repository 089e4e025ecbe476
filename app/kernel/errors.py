"""The kinds of things that go wrong; a capability names its own facts as subclasses beside the rule they protect."""

from __future__ import annotations

from typing import Any, ClassVar


class Problem(Exception):
    """A refusal that a caller can act on: `code` is stable, `detail` is for people, `context` holds plain facts.

    `context` is sent to the caller and logged: never personal data in it.
    """

    code: ClassVar[str] = "internal"

    def __init__(self, detail: str = "", **context: Any) -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.context = context


class Malformed(Problem):
    """The request cannot be understood (400)."""

    code = "request.malformed"


class Unauthenticated(Problem):
    """Nobody we know asked (401)."""

    code = "auth.unauthenticated"


class Forbidden(Problem):
    """Known, but not allowed (403)."""

    code = "auth.forbidden"


class NotFound(Problem):
    """There is no such thing for this caller (404)."""

    code = "not_found"


class Conflict(Problem):
    """The thing is in a state that does not allow it (409)."""

    code = "conflict"


class Unprocessable(Problem):
    """Understood, but against a rule (422)."""

    code = "unprocessable"


class TooMany(Problem):
    """Asked too often (429); `retry_after_s` in the context becomes the Retry-After header."""

    code = "rate_limited"


class Unavailable(Problem):
    """Something we depend on is down; trying again later can help (503)."""

    code = "unavailable"


class AlreadyExists(Conflict):
    """A unique key answered a race; read again."""

    code = "already_exists"
