"""Identity codes: published samples, every single-character mistake, and ways in which people type them."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import codes
from app.engine.errors import CodeError

from .published import vectors

USCC = "91350100M000100Y43"
RESIDENT = "11010519491231002X"


def refusal(check: object, text: object) -> str:
    with pytest.raises(CodeError) as refused:
        check(text)  # type: ignore[operator]
    assert not (isinstance(text, str) and text) or text not in str(refused.value)
    return refused.value.code


def test_published_codes() -> None:
    sample = vectors()
    assert [codes.uscc(code) for code in sample["uscc_valid"]] == sample["uscc_valid"]
    assert [refusal(codes.uscc, code) for code in sample["uscc_invalid"]] == ["code.uscc_malformed"]
    assert [codes.organisation_code(code) for code in sample["org_valid"]] == [
        code.replace("-", "") for code in sample["org_valid"]
    ]
    assert [codes.resident_id(code).number for code in sample["id_valid"]] == sample["id_valid"]
    assert [codes.bank_card(code) for code in sample["luhn_valid"]] == sample["luhn_valid"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("11010519491231002x", RESIDENT),
        ("１１０１０５１９４９１２３１００２ｘ", RESIDENT),
        (" 110105 19491231 002X\n", RESIDENT),
    ],
)
def test_resident_number_as_people_type_it(typed: str, meant: str) -> None:
    assert codes.resident_id(typed).number == meant


def test_resident_number_taken_apart() -> None:
    person = codes.resident_id(RESIDENT)
    assert (person.region, person.born_on, person.sex) == ("110105", date(1949, 12, 31), "female")
    assert (person.age_on(date(2026, 12, 30)), person.age_on(date(2026, 12, 31))) == (76, 77)
    assert repr(person) == "ResidentId(…)"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("110105491231002", "code.resident_malformed"),
        ("", "code.resident_malformed"),
        ("11010519491231002A", "code.resident_malformed"),
        ("00010519491231002X", "code.resident_region_unknown"),
        ("110105199002310021", "code.resident_date_impossible"),
        ("110105199013010021", "code.resident_date_impossible"),
        ("110105194912310021", "code.resident_check_failed"),
        (110105, "code.not_text"),
        (None, "code.not_text"),
    ],
)
def test_refused_resident_numbers(number: object, code: str) -> None:
    assert refusal(codes.resident_id, number) == code


def test_nobody_is_born_tomorrow() -> None:
    with pytest.raises(CodeError) as refused:
        codes.resident_id(RESIDENT, today=date(1949, 12, 30))
    assert refused.value.code == "code.resident_date_impossible"


@pytest.mark.parametrize("typed", ["13800138000", "+86 138-0013-8000", "0086 13800138000", "８６13800138000"])
def test_mobile_numbers(typed: str) -> None:
    assert codes.mobile(typed) == "+8613800138000"


@pytest.mark.parametrize("typed", ["12800138000", "1380013800", "138001380000", "+85213800138000", ""])
def test_refused_mobile_numbers(typed: str) -> None:
    assert refusal(codes.mobile, typed) == "code.mobile_malformed"


@pytest.mark.parametrize(
    ("check", "text", "code"),
    [
        (codes.uscc, "91350100M000100Y4", "code.uscc_malformed"),
        (codes.uscc, "9135O100M000100Y43", "code.uscc_malformed"),
        (codes.organisation_code, "D2143569-1", "code.organisation_check_failed"),
        (codes.organisation_code, "D214356X", "code.organisation_malformed"),
        (codes.bank_card, "6222020000000000001", "code.card_check_failed"),
        (codes.bank_card, "622202", "code.card_malformed"),
    ],
)
def test_refused_codes(check: object, text: str, code: str) -> None:
    assert refusal(check, text) == code


def test_organisation_code_is_inside_the_unified_code() -> None:
    assert codes.organisation_code_of(USCC) == "M000100Y4"
    wrong_inside = "91350100M000100Y5"
    assert refusal(codes.uscc, wrong_inside + codes.uscc_check(wrong_inside)) == "code.organisation_check_failed"


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 17), st.sampled_from(codes.USCC_ALPHABET))
def test_one_wrong_character_is_always_found(place: int, char: str) -> None:
    if USCC[place] != char:
        with pytest.raises(CodeError):
            codes.uscc(USCC[:place] + char + USCC[place + 1 :])
    if char in "0123456789X" and RESIDENT[place] != char:
        with pytest.raises(CodeError):
            codes.resident_id(RESIDENT[:place] + char + RESIDENT[place + 1 :])
