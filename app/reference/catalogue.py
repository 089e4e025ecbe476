"""Every problem code that a caller can meet: what it means, its HTTP status and what to do."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import get_args

from app.adapters.wechat_pay import NoticeFault, NoticeRefused
from app.kernel import errors, retention
from app.kernel.web.problems import http_code, status_of_kind
from app.reference.engine_codes import engine_refusals
from app.reference.loader_codes import LOADER_CODES

FROM_HTTP = (400, 405, 406, 408, 411, 412, 413, 414, 415, 416, 428, 431)
INVALID = "A field is missing, unknown, of the wrong type or out of bounds; `errors` names each with its location."
OURS = "A fault of ours. It is in our logs under the `request_id`; what had begun was rolled back."
ENGINE_STATUS = 422
OF_COMMANDS = (retention.HoldUnknown,)  # no route raises it, so nothing else would have it loaded


@dataclass(frozen=True)
class ProblemCode:
    """One code: stable, clients may branch on it."""

    code: str
    status: int
    meaning: str

    @property
    def title(self) -> str:
        """What `title` says in the body."""
        return HTTPStatus(self.status).phrase

    @property
    def subject(self) -> str:
        """What the code is about: the word before the dot."""
        return self.code.partition(".")[0] if "." in self.code else ""


@cache
def codes() -> dict[str, ProblemCode]:
    """All codes, by name. Every capability is imported by then: the routes bring their errors with them."""
    found: dict[str, ProblemCode] = {}
    told_by_loader = (ProblemCode(*one) for one in LOADER_CODES)
    for one in (*_of_http(), *_of_engine(), *_of_kinds(errors.Problem), *told_by_loader):
        found.setdefault(one.code, one)
    return dict(sorted(found.items()))


def _of_kinds(kind: type[errors.Problem]) -> Iterator[ProblemCode]:
    for sub in (kind, *kind.__subclasses__()):
        status = status_of_kind(sub)
        if sub is NoticeRefused:
            for fault in get_args(NoticeFault):
                yield ProblemCode(f"wechat_pay.notice_{fault}", status, inspect.cleandoc(sub.__doc__ or ""))
        elif "code" in vars(sub):
            yield ProblemCode(sub.code, status, OURS if sub is errors.Problem else _meaning(sub))
        if sub is not kind:
            yield from _of_kinds(sub)


def _meaning(kind: type[errors.Problem]) -> str:
    """The class's own sentence without the status; errors are named for the fact, so the name says it otherwise."""
    said = vars(kind).get("__doc__")
    if said:
        return re.sub(r" \([0-9]{3}\)", "", inspect.cleandoc(said))
    words = re.findall(r"[A-Z][a-z]*", kind.__name__)
    return f"{' '.join(words).capitalize()}."


def _of_engine() -> Iterator[ProblemCode]:
    for code, text in engine_refusals().items():
        is_name = "_" in text.partition(" ")[0]  # a field's name keeps its spelling
        yield ProblemCode(code, ENGINE_STATUS, f"{text if is_name else text[:1].upper() + text[1:]}.")


def _of_http() -> Iterator[ProblemCode]:
    yield ProblemCode("request.invalid", 422, INVALID)
    for status in FROM_HTTP:
        yield ProblemCode(http_code(status), status, f"{HTTPStatus(status).description}.")
