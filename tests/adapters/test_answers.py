"""Vendors' JSON is read strictly: one error for whatever does not fit, and never a value in its text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.adapters.answers import AnswerMalformed, Fields, read_object

FIELDS = Fields(
    {
        **{"text": "测试", "empty": "", "null": None, "whole": 7, "flag": True, "float": 1.0, "huge": 2**63},
        **{"inner": {"x": 1}, "many": [{"x": 1}], "mixed": [{}, 1], "wholes": [1, 2], "bad_wholes": [1, "2"]},
        **{"at": "2027-01-15T16:00:00+08:00", "naive": "2027-01-15T16:00:00", "day": "2027-01-15"},
        **{"nul": "a\x00", "half": "\ud800"},
    }
)


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: FIELDS.text("text"), "测试"),
        (lambda: FIELDS.text("empty"), ""),
        (lambda: FIELDS.maybe_text("empty"), None),
        (lambda: FIELDS.maybe_text("null"), None),
        (lambda: FIELDS.maybe_text("absent"), None),
        (lambda: FIELDS.whole("whole"), 7),
        (lambda: FIELDS.flag("flag"), True),
        (lambda: FIELDS.choice("text", ("测试", "x")), "测试"),
        (lambda: FIELDS.inner("inner").whole("x"), 1),
        (lambda: FIELDS.many("many")[0].whole("x"), 1),
        (lambda: FIELDS.wholes("wholes"), (1, 2)),
        (lambda: FIELDS.instant("at"), datetime(2027, 1, 15, 8, tzinfo=UTC)),
        (lambda: FIELDS.maybe_instant("absent"), None),
        (lambda: FIELDS.day("day"), date(2027, 1, 15)),
    ],
)
def test_values(read: Callable[[], Any], value: Any) -> None:
    assert read() == value


@pytest.mark.parametrize(
    "read",
    [
        lambda: FIELDS.text("absent"),
        lambda: FIELDS.text("null"),
        lambda: FIELDS.text("whole"),
        lambda: FIELDS.text("nul"),
        lambda: FIELDS.text("half"),
        lambda: FIELDS.maybe_text("whole"),
        lambda: FIELDS.whole("flag"),
        lambda: FIELDS.whole("float"),
        lambda: FIELDS.whole("huge"),
        lambda: FIELDS.flag("whole"),
        lambda: FIELDS.choice("flag", (1,)),
        lambda: FIELDS.choice("inner", ("x",)),
        lambda: FIELDS.inner("text"),
        lambda: FIELDS.many("mixed"),
        lambda: FIELDS.wholes("bad_wholes"),
        lambda: FIELDS.instant("naive"),
        lambda: FIELDS.instant("text"),
        lambda: FIELDS.day("at"),
    ],
)
def test_misfits(read: Callable[[], Any]) -> None:
    with pytest.raises(AnswerMalformed) as misfit:
        read()
    assert "测试" not in str(misfit.value)


@pytest.mark.parametrize(
    "raw",
    [
        *[b"", b"null", b"[]", b'"x"', b"{", b'{"a":1,"a":1}', b'{"a":{"b":1,"b":2}}', b'{"a":NaN}'],
        *[b'{"a":-Infinity}', b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b'{"a":"\xff"}'],
        *[b'{"a":' * 100_000, b'{"a":' + b"9" * 10_000 + b"}"],
    ],
)
def test_texts_that_are_not_one_object(raw: bytes) -> None:
    with pytest.raises(AnswerMalformed):
        read_object(raw)


def test_the_place_of_a_misfit_is_told() -> None:
    with pytest.raises(AnswerMalformed, match=r"^report\.loans\.balance_fen$"):
        read_object(b'{"report":{"loans":[{}]}}').inner("report").many("loans")[0].whole("balance_fen")
