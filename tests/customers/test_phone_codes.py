"""Codes to a phone: limits, tries, one use, and the races around them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from app.customers import usecases
from app.customers.domain import phone_codes as rules
from app.customers.domain.phone_codes import CodeExpired, CodeSpent, CodeWrong, TooManyCodes, TooManyTries
from app.customers.domain.sessions import Visit
from app.customers.models import Customer, PhoneCode
from app.kernel import clock, ids
from app.kernel.db import transaction
from tests.factories.customers import invented_phone

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HERE = Visit("192.0.2.1", None, "test")


def open_code(session, phone: str, visit: Visit = HERE, **more):
    return usecases.open_sign_in_code(session, phone=phone, visit=visit, **more)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def attempt(code_id, phone: str, code: str):
    """Both transactions of a sign-in."""
    with transaction() as session:
        usecases.count_try(session, code_id=code_id, purpose=usecases.SIGN_IN, phone=phone)
    with transaction() as session:
        return usecases.sign_in_by_phone(session, code_id=code_id, code=code, waiting=None, device="test")


def test_the_right_code_signs_in_once(sessions) -> None:
    phone = invented_phone()
    with transaction() as session:
        code = open_code(session, phone)
    first = attempt(code.code_id, phone, code.code)
    assert first.new_customer and not first.phone_needed
    with pytest.raises(CodeExpired):
        attempt(code.code_id, phone, code.code)


def test_the_same_phone_is_the_same_customer_and_a_new_session(sessions) -> None:
    phone = invented_phone()
    with clock.at(NOON) as move:
        found = []
        for _ in range(2):
            with transaction() as session:
                code = open_code(session, phone)
            found.append(attempt(code.code_id, phone, code.code).session)
            move(timedelta(minutes=2))
    assert found[0].customer_id == found[1].customer_id
    assert found[0].session_id != found[1].session_id and found[0].token != found[1].token


def test_five_wrong_tries_end_a_code_even_for_the_right_one(sessions) -> None:
    phone = invented_phone()
    with transaction() as session:
        code = open_code(session, phone)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(CodeWrong) as refused:
            attempt(code.code_id, phone, other_than(code.code))
        assert refused.value.context["tries_left"] == left
    with pytest.raises(CodeSpent):
        attempt(code.code_id, phone, code.code)


def test_a_new_code_does_not_give_new_tries_at_once(sessions) -> None:
    phone = invented_phone()
    with clock.at(NOON) as move:
        with transaction() as session:
            code = open_code(session, phone)
        for _ in range(5):
            with pytest.raises(CodeWrong):
                attempt(code.code_id, phone, other_than(code.code))
        move(timedelta(minutes=2))
        with transaction() as session:
            code = open_code(session, phone)
        with pytest.raises(TooManyTries):
            attempt(code.code_id, phone, code.code)
        move(timedelta(minutes=14))
        with transaction() as session:
            code = open_code(session, phone)
        assert attempt(code.code_id, phone, code.code)


def test_a_code_dies_after_five_minutes(sessions) -> None:
    phone = invented_phone()
    with clock.at(NOON) as move:
        with transaction() as session:
            code = open_code(session, phone)
        move(timedelta(minutes=5))
        with pytest.raises(CodeExpired):
            attempt(code.code_id, phone, code.code)


def test_a_code_is_bound_to_its_phone_and_its_purpose(sessions) -> None:
    phone = invented_phone()
    with transaction() as session:
        code = open_code(session, phone)
    with pytest.raises(CodeWrong):
        attempt(code.code_id, invented_phone(), code.code)
    with pytest.raises(CodeWrong), transaction() as session:
        usecases.count_try(session, code_id=code.code_id, purpose=None, phone=phone)
    with pytest.raises(CodeWrong), transaction() as session:  # no phone and no session that waits
        usecases.count_try(session, code_id=code.code_id, purpose=usecases.SIGN_IN)
    with pytest.raises(CodeWrong):
        attempt(ids.new_id(), phone, code.code)


def test_the_code_stands_nowhere_in_the_database(session) -> None:
    code = open_code(session, invented_phone())
    row = session.execute(text("SELECT * FROM phone_codes WHERE id = :id"), {"id": code.code_id}).one()
    stored = " ".join(str(value) for name, value in row._mapping.items() if name not in ("id", "phone"))
    assert code.phone not in stored and f" {code.code} " not in f" {stored} "
    assert code.phone not in row.phone
    assert code.code not in repr(code) and code.phone not in repr(code)


def test_a_repeat_with_the_same_id_is_the_same_message(session) -> None:
    phone, code_id = invented_phone(), ids.new_id()
    first, again = (
        usecases.open_code(session, code_id=code_id, phone=phone, purpose="sign_in", template="t", visit=HERE)
        for _ in range(2)
    )
    assert first == again


def asked(session, move, times: int, **of) -> int:
    """How many of `times` requests two minutes apart get a code."""
    got = 0
    for number in range(times):
        visit = Visit(of.get("address", f"198.51.100.{number}"), of.get("device_id"), "test")
        try:
            open_code(session, of.get("phone") or invented_phone(), visit)
            got += 1
        except TooManyCodes as refused:
            assert refused.context["retry_after_s"] > 0
        move(timedelta(seconds=of.get("step_s", 61)))
    return got


def test_one_number_gets_a_code_a_minute_five_an_hour(session) -> None:
    with clock.at(NOON) as move:
        phone = invented_phone()
        open_code(session, phone)
        with pytest.raises(TooManyCodes) as refused:
            open_code(session, phone)
        assert 0 < refused.value.context["retry_after_s"] <= 61
        move(timedelta(seconds=61))
        assert asked(session, move, 9, phone=phone) == 4
        move(timedelta(hours=1))
        assert asked(session, move, 9, phone=phone) == 5


def test_one_device_and_one_address_are_limited_over_all_numbers(session) -> None:
    with clock.at(NOON) as move:
        assert asked(session, move, 15, device_id="d-1") == 10
    with clock.at(NOON + timedelta(days=2)) as move:
        assert asked(session, move, 120, address="2001:db8::1", step_s=1) == 100
        with pytest.raises(TooManyCodes):
            open_code(session, invented_phone(), Visit("2001:db8::ffff", None, "test"))  # the same subscriber


def test_the_pages_of_one_partner_are_limited_over_all_numbers(session, monkeypatch) -> None:
    monkeypatch.setitem(rules.LIMITS, "partner_id", (rules.Limit(rules.HOUR, 3),))
    partner, other = ids.new_id(), ids.new_id()

    def ask(number: int, on_pages_of: UUID | None) -> None:
        open_code(session, invented_phone(), Visit(f"198.51.100.{number}", None, "test", on_pages_of))

    with clock.at(NOON):
        for number in range(3):
            ask(number, partner)
        with pytest.raises(TooManyCodes):
            ask(3, partner)
        for number, on_pages_of in ((4, other), (5, None)):
            ask(number, on_pages_of)


def test_a_message_that_was_not_sent_does_not_count(session) -> None:
    phone = invented_phone()
    code = open_code(session, phone)
    usecases.settle_failed(session, code_id=code.code_id)
    assert open_code(session, phone).code_id != code.code_id


def test_ten_requests_at_once_send_one_code(committed) -> None:
    phone = invented_phone()

    def ask(number: int) -> bool:
        try:
            with transaction() as session:
                open_code(session, phone, Visit(f"203.0.113.{number}", f"d{number}", "test"))
        except TooManyCodes:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(ask, range(10))) == 1


def test_one_code_used_ten_times_at_once_opens_one_session(committed) -> None:
    phone = invented_phone()
    with transaction() as session:
        code = open_code(session, phone)

    def use(_: int) -> str:
        try:
            attempt(code.code_id, phone, code.code)
        except (CodeExpired, CodeSpent, TooManyTries) as refused:
            return refused.code
        return "in"

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(use, range(10)))
    assert results.count("in") == 1
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 1


def test_fifty_guesses_at_once_are_counted_as_five(committed) -> None:
    phone = invented_phone()
    with transaction() as session:
        code = open_code(session, phone)

    def guess(number: int) -> str:
        try:
            attempt(code.code_id, phone, f"{(int(code.code) + 1 + number) % 1_000_000:06d}")
        except (CodeWrong, CodeSpent, TooManyTries) as refused:
            return refused.code
        return "in"

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(guess, range(50)))
    assert results.count("phone_code.wrong") == 5 and "in" not in results
    with transaction() as session:
        assert session.get_one(PhoneCode, code.code_id).tries == 5
