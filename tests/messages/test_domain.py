"""Texts that never change once published, values that fit WeChat's keywords, hours at which nobody is disturbed."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, time

import pytest

from app.customers.domain.phone_changes import NEW_PHONE_TEMPLATE, OLD_PHONE_TEMPLATE
from app.customers.domain.sessions import SIGN_IN_TEMPLATE, STEP_UP_TEMPLATES
from app.messages.domain import delivery
from app.messages.domain.delivery import QuietHours, next_allowed
from app.messages.domain.texts import KINDS, LOCALES, TEXTS, text_of
from app.messages.domain.told import TOLD
from app.messages.domain.values import LONGEST_THING, filled, for_wechat, yuan
from sandbox import sms
from sandbox.wechat.messages import _RULES
from sandbox.world import _MESSAGES

# Published texts: a change of one is a new version beside it, never another fingerprint here.
PUBLISHED = {
    ("approved", 1): "1bdac86381067340",
    ("declined", 1): "c28e9abb015688ee",
    ("disbursed", 1): "9a7c176c3360aead",
    ("paid", 1): "a432ff285e45fcea",
    ("payment_reversed", 1): "4e9df26a8c2c55bb",
    ("waived", 1): "27ea9d3a376f717f",
    ("settled", 1): "c79346817e8ff768",
    ("terms_changed", 1): "cb2a4014a5194af2",
    ("due_soon", 1): "14e10ec1bda4905f",
    ("overdue", 1): "e0301ff144f94ce0",
    ("appointment", 1): "191b8015becddeb7",
    ("appointment_cancelled", 1): "1dc55fd6cd4e5b7d",
    ("phone_changed", 1): "211b2a907542ba58",
    ("debit_failed", 1): "051d7ebe4dd1229f",
    ("mandate_stopped", 1): "c0580e9bcadcf47f",
    ("approved", 2): "84e68145cbb2f4c5",
    ("declined", 2): "bb79968ce6bff453",
    ("paid", 2): "e174238236033784",
    ("payment_reversed", 2): "4ccf8e08f500d271",
    ("waived", 2): "ed176ab1a4ef9c7f",
    ("settled", 2): "1cee93af252529a7",
    ("terms_changed", 2): "c177939b275f9d7f",
    ("due_soon", 2): "71b79b683b192fbc",
    ("overdue", 2): "5d007373d50af2b4",
    ("appointment", 2): "0c2174b2953cff3d",
    ("appointment_cancelled", 2): "3c85e490de4361c7",
    ("debit_failed", 2): "724c31911c255c53",
    ("mandate_stopped", 2): "e174a7f5f32089e8",
    ("phone_changed", 2): "3018017332dbe440",
}
VALUES = {"amount_fen": 123_456_789, "due_on": "2026-12-05", "at": "2026-12-05T02:30:00+00:00", "place": "总行营业部"}
VALUES |= {"phone": "138****0721", "what": "extension", "effective_on": "2026-12-05"}


@pytest.mark.parametrize(("kind", "version"), TEXTS)
def test_a_published_text_stays_as_it_is(kind: str, version: int) -> None:
    assert PUBLISHED.get((kind, version)) == hashlib.sha256(repr(TEXTS[kind, version]).encode()).hexdigest()[:16]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_written_whole_in_both_languages(kind: str) -> None:
    for locale in LOCALES:
        words = filled(kind, KINDS[kind].version, VALUES, locale)
        assert words.title and not re.search(r"[{}]", words.body)
    assert "¥" not in filled(kind, 1, VALUES, "zh-CN").body


def test_every_event_is_told_as_a_known_kind() -> None:
    assert {kind for kind, _ in TOLD.values()} <= set(KINDS)


@pytest.mark.parametrize("kind", _MESSAGES)
def test_values_fit_the_keywords_of_their_template(kind: str) -> None:
    written = for_wechat(kind, KINDS[kind].version, VALUES)
    for name, keyword in _MESSAGES[kind][1].items():
        assert re.fullmatch(_RULES[keyword.rstrip("0123456789")], written[name]), (kind, name, written[name])


def test_notes_and_places_are_never_longer_than_their_keyword() -> None:
    assert all(len(text.note) <= LONGEST_THING for text in TEXTS.values())
    long = for_wechat("appointment", 1, VALUES | {"place": "长" * 40})["place"]
    assert len(long) == LONGEST_THING and long.endswith("…")


@pytest.mark.parametrize(
    ("fen", "written"), [(0, "0.00"), (5, "0.05"), (85_606, "856.06"), (123_456_789, "1,234,567.89")]
)
def test_amounts(fen: int, written: str) -> None:
    assert yuan(fen) == written
    assert yuan(fen, grouped=False) == written.replace(",", "")


NIGHT = QuietHours(time(22), time(8), date(2026, 1, 1), None)


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        ("2026-11-23T13:59:59", "2026-11-23T13:59:59"),  # 21:59:59 in China
        ("2026-11-23T14:00:00", "2026-11-24T00:00:00"),  # 22:00
        ("2026-11-23T15:59:00", "2026-11-24T00:00:00"),
        ("2026-11-23T16:00:00", "2026-11-24T00:00:00"),  # midnight
        ("2026-11-23T23:59:59", "2026-11-24T00:00:00"),  # 07:59:59
        ("2026-11-24T00:00:00", "2026-11-24T00:00:00"),  # 08:00
    ],
)
def test_the_night(at: str, allowed: str) -> None:
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert next_allowed(instant, [NIGHT]) == datetime.fromisoformat(allowed).replace(tzinfo=UTC)


def test_two_rules_one_after_the_other_and_rules_of_another_time() -> None:
    at = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    morning = QuietHours(time(8), time(9), date(2026, 1, 1), None)
    assert next_allowed(at, [NIGHT, morning]) == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert next_allowed(at, [QuietHours(time(22), time(8), date(2026, 1, 1), date(2026, 11, 22))]) == at
    assert next_allowed(at, [QuietHours(time(22), time(8), date(2026, 11, 24), None)]) == at
    always = [QuietHours(time(a), time(b), date(2026, 1, 1), None) for a, b in ((0, 12), (12, 0))]
    assert next_allowed(at, always) > at, "rules that never end do not keep a message for ever"


@pytest.mark.parametrize(
    ("claimed", "confirmed", "spent", "left"), [(0, 0, 0, 0), (2, 0, 1, 1), (0, 2, 1, 1), (2, 2, 1, 1), (1, 0, 3, 0)]
)
def test_what_is_left(claimed: int, confirmed: int, spent: int, left: int) -> None:
    assert delivery.left(claimed, confirmed, spent) == left


def test_the_sandbox_vendor_knows_every_template_and_fills_it() -> None:
    sent = [SIGN_IN_TEMPLATE, *STEP_UP_TEMPLATES.values(), NEW_PHONE_TEMPLATE, OLD_PHONE_TEMPLATE]
    assert {*sent, *(f"message_{kind}" for kind in KINDS)} == set(sms.TEXTS)
    for kind, made in KINDS.items():
        named = set(re.findall(r"{(\w+)}", sms.TEXTS[f"message_{kind}"]))
        assert named <= set(re.findall(r"{(\w+)}", text_of(kind, made.version).zh.body)), kind
