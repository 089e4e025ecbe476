"""Reading vendors' JSON strictly: each field by name and type, one error for whatever does not fit."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")
LARGEST = 2**63 - 1  # what a bigint column holds
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL and half pairs: the database would refuse them


class AnswerMalformed(ValueError):
    """The vendor's JSON is not what was agreed; the message names the field, never its value."""


def read_object(raw: bytes) -> Fields:
    """Parse one JSON object: UTF-8, no key twice, no NaN. Raises AnswerMalformed."""
    try:
        found = json.loads(raw.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse)
    except AnswerMalformed:
        raise
    except (ValueError, RecursionError):
        raise AnswerMalformed("not JSON in UTF-8") from None
    if not isinstance(found, dict):
        raise AnswerMalformed("not an object")
    return Fields(found)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise AnswerMalformed("a key occurs twice")
    return found


def _refuse(_: str) -> NoReturn:
    raise AnswerMalformed("not JSON")


class Fields:
    """An object whose fields are fetched by name and type; unknown fields are left alone."""

    def __init__(self, values: Mapping[str, Any], place: str = "") -> None:
        self.values = values
        self._place = place

    def has(self, name: str) -> bool:
        """The field is there and not null."""
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        value = self._typed(name, str)
        if _UNSTORABLE.search(value):
            raise AnswerMalformed(self._place + name)
        return value

    def maybe_text(self, name: str) -> str | None:
        """None when it is absent, null or empty."""
        return (self.text(name) or None) if self.has(name) else None

    def whole(self, name: str) -> int:
        value = self._typed(name, int)
        if abs(value) > LARGEST:
            raise AnswerMalformed(self._place + name)
        return value

    def flag(self, name: str) -> bool:
        return self._typed(name, bool)

    def choice(self, name: str, options: tuple[T, ...]) -> T:
        found = self.values.get(name)
        for option in options:
            if option == found and type(option) is type(found):
                return option
        raise AnswerMalformed(self._place + name)

    def inner(self, name: str) -> Fields:
        return Fields(self._typed(name, dict), f"{self._place}{name}.")

    def many(self, name: str) -> list[Fields]:
        items = self._typed(name, list)
        if not all(isinstance(item, dict) for item in items):
            raise AnswerMalformed(self._place + name)
        return [Fields(item, f"{self._place}{name}.") for item in items]

    def wholes(self, name: str) -> tuple[int, ...]:
        items = self._typed(name, list)
        return tuple(Fields({name: item}, self._place).whole(name) for item in items)

    def instant(self, name: str) -> datetime:
        """RFC 3339 with its offset."""
        text = self.text(name)
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise AnswerMalformed(self._place + name) from None
        if found.tzinfo is None:
            raise AnswerMalformed(self._place + name)
        return found

    def maybe_instant(self, name: str) -> datetime | None:
        return self.instant(name) if self.maybe_text(name) else None

    def day(self, name: str) -> date:
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            raise AnswerMalformed(self._place + name) from None

    def _typed(self, name: str, kind: type[T]) -> T:
        value = self.values.get(name)
        if type(value) is not kind:  # bool is an int to Python but not to JSON
            raise AnswerMalformed(self._place + name)
        return value
