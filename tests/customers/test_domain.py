"""Rules about people that need no database."""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.customers.domain import masking, people, phone_codes
from app.customers.domain.consents import KINDS, LOCALES, MANDATE_KINDS, about_enterprise
from app.customers.domain.people import IdNoMalformed, NameMalformed, UsccMalformed
from app.customers.domain.sessions import ReturnPathRefused, check_return_path, device_family

FOLDER = Path(__file__).parents[2] / "migrations/texts"
TEXTS, *MORE = (
    tomllib.loads(path.read_text(encoding="utf-8"))
    for path in [FOLDER / "consents_1.toml", *FOLDER.glob("consents_*_*.toml")]
)
EVERY_TEXT = [text for one in (TEXTS, *MORE) for text in one["text"]]


@given(st.uuids())
def test_a_code_is_six_digits_and_the_same_for_the_same_row(code_id) -> None:
    code = phone_codes.make_code(b"k" * 32, code_id)
    assert phone_codes.CODE.fullmatch(code)
    assert code == phone_codes.make_code(b"k" * 32, code_id)
    assert isinstance(code, str) and len(code) == 6  # leading zeros are kept


def test_codes_are_spread_over_all_digits_and_depend_on_the_key() -> None:
    from uuid import UUID

    codes = [phone_codes.make_code(b"k" * 32, UUID(int=number)) for number in range(2000)]
    assert len(set(codes)) > 1990
    first = Counter(code[0] for code in codes)
    assert set(first) == set("0123456789") and max(first.values()) < 300
    assert codes[0] != phone_codes.make_code(b"l" * 32, UUID(int=0))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
        ("'; DROP TABLE", "unknown"),
    ],
)
def test_an_ipv6_subscriber_counts_as_one(address: str, network: str) -> None:
    assert phone_codes.network_of(address) == network


@pytest.mark.parametrize("code", ["11010519491231002X", "440524188001010014"])
def test_sample_resident_ids(code: str) -> None:
    assert people.check_id_no(code) == code


def test_a_resident_id_is_normalised() -> None:
    assert people.check_id_no("11010519491231002x") == "11010519491231002X"
    assert people.check_id_no("１１０１０５１９４９１２３１００２Ｘ") == "11010519491231002X"


@pytest.mark.parametrize(
    "code",
    [
        "110105194912310021",
        "11010519491331002X",
        "1101051949123100",
        "11010519491231002X0",
        "",
        "x" * 18,
        "110101209912310010",
    ],
)
def test_wrong_resident_ids_are_refused(code: str) -> None:
    with pytest.raises(IdNoMalformed):
        people.check_id_no(code)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "11320000MB151840XJ", "92371000MA3MXH0E3W"])
def test_sample_credit_codes(code: str) -> None:
    assert people.check_uscc(code.lower()) == code


@pytest.mark.parametrize("code", ["91350100M000100Y4Z", "91350100I000100Y43", "91350100M000100Y4", ""])
def test_wrong_credit_codes_are_refused(code: str) -> None:
    with pytest.raises(UsccMalformed):
        people.check_uscc(code)


@pytest.mark.parametrize(
    ("typed", "name"),
    [("测试林", "测试林"), (" 测 试 林 ", "测试林"), ("阿卜杜・测试", "阿卜杜·测试"), ("阿卜杜.测试", "阿卜杜·测试")],
)
def test_names_are_normalised(typed: str, name: str) -> None:
    assert people.normalise_name(typed) == name


@pytest.mark.parametrize(
    "typed", ["林", "Test Lin", "测试\u202e林", "测试\u200b林", "=cmd|'/C calc'!A0", "·测试", "测试😀", "测" * 51]
)
def test_names_that_are_none_are_refused(typed: str) -> None:
    with pytest.raises(NameMalformed):
        people.normalise_name(typed)


def test_masks_show_what_one_recognises() -> None:
    assert masking.mask_phone("13812340721") == "138****0721"
    assert masking.mask_name("测试林") == "测*"
    assert masking.mask_name(None) is None
    assert masking.mask_id_no("11010519491231002X") == "110***********002X"
    assert masking.mask_uscc("91350100M000100Y43") == "9135 **** **** Y43"


@pytest.mark.parametrize("path", ["/", "/embed/apply", "/embed/apply.html", "/h5/loan/?step=2&id=a-b_c", "/a/b/c/"])
def test_plain_paths_may_be_returned_to(path: str) -> None:
    assert check_return_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example", "/\\evil.example", "https://evil.example", "/%2e%2e/x", "/a//b", "/a/../b", "/a#b", "",
        "embed", "/a\n", "/a?next=//evil.example", "/@evil.example", "/a b", "/" + "a" * 400,
    ],
)  # fmt: skip
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(ReturnPathRefused):
        check_return_path(path)


def test_a_device_is_named_by_its_family_only() -> None:
    wechat = "Mozilla/5.0 (Linux; Android 14; SomeModel 12345) Chrome/120 Mobile Safari/537 MicroMessenger/8.0.50"
    assert device_family(wechat) == "WeChat · Android"
    assert device_family("<script>alert(1)</script>") == "Browser"


def test_every_kind_of_consent_has_a_text_in_every_locale() -> None:
    found = {(text["kind"], text["locale"]) for text in EVERY_TEXT}
    # a mandate's text is published with the mandates, and tried there
    assert found == {(kind, locale) for kind in KINDS if kind not in MANDATE_KINDS for locale in LOCALES}


def test_consent_texts_say_all_that_the_law_asks() -> None:
    must = {
        "zh-CN": ("目的", "信息", "接收", "期限", "不同意的后果", "撤回"),
        "en": ("Purpose", "Information", "ecipient", "Period", "If you refuse", "ithdraw"),
    }
    for text in EVERY_TEXT:
        missing = [word for word in must[text["locale"]] if word not in text["text"]]
        assert not missing, (text["kind"], text["locale"], missing)


def test_the_first_texts_never_change() -> None:
    bodies = "".join(text["text"] for text in TEXTS["text"])
    digest = hashlib.sha256(bodies.encode()).hexdigest()
    assert digest == "daf91905514cd29297203f21a656fed4e398bcefaf8820a3e5d8a427f3843135", (
        "write a new file with a new version instead"
    )


def test_only_business_data_is_consented_to_for_an_enterprise() -> None:
    assert [kind for kind in KINDS if about_enterprise(kind)] == ["tax_data", "invoice_data"]
