"""What WeChat pushes: published vectors, wechatpy as a second opinion, and everything that must be refused."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from wechatpy.crypto import WeChatCrypto

from app.adapters.wechat_messages import Push, PushMalformed, PushRefused, documents, pushes, safe_mode
from app.adapters.wechat_messages.pushes import Receiver
from sandbox.wechat import push_sealing

VECTORS = Path(__file__).parents[3] / "shared" / "acceptance" / "wechat_vectors.json"
APPID, TOKEN = "wx0123456789abcdef", "SomeTokenOfOurs1"
KEY, OLD_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg"
NOW = 1_764_000_000
EVENT = {
    "ToUserName": "gh_x",
    "FromUserName": "oABC-def_1",
    "CreateTime": NOW - 3,
    "MsgType": "event",
    "Event": "subscribe_msg_popup_event",
    "List": [{"TemplateId": "T1", "SubscribeStatusString": "accept"}],
}


def vector(name: str) -> Any:
    if not VECTORS.exists():
        pytest.skip("the acceptance vectors are not here")
    return next(found for found in json.loads(VECTORS.read_text()) if found["id"] == name)


def receiver(**changes: Any) -> Receiver:
    section = {"token": TOKEN, "encoding_aes_key": KEY, **changes}
    return Receiver.of(APPID, section)


def sealed(
    content: Mapping[str, Any] | bytes, *, key: str = KEY, appid: str = APPID, at: int = NOW, form: str = "json"
) -> tuple[list[tuple[str, str]], bytes]:
    """A push in safe mode, as WeChat makes it."""
    plain = content if isinstance(content, bytes) else json.dumps(content).encode()
    cipher = push_sealing.encrypt(key, plain, appid)
    proof = push_sealing.signature(TOKEN, str(at), "n1", cipher)
    query = {"timestamp": str(at), "nonce": "n1", "encrypt_type": "aes", "msg_signature": proof, "openid": "o"}
    if form == "xml":
        return list(query.items()), f"<xml><ToUserName>g</ToUserName><Encrypt>{cipher}</Encrypt></xml>".encode()
    return list(query.items()), json.dumps({"ToUserName": "g", "Encrypt": cipher}).encode()


def plain_query(at: int = NOW) -> list[tuple[str, str]]:
    proof = push_sealing.signature(TOKEN, str(at), "n1")
    return [("signature", proof), ("timestamp", str(at)), ("nonce", "n1")]


def read(query: list[tuple[str, str]], raw: bytes, **changes: Any) -> Push:
    return pushes.read_push(receiver(**changes), query, raw, NOW)


# -- vectors ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mp-url-verify", "mp-plain-push", "wechatpy-plain-signature"])
def test_published_signatures(name: str) -> None:
    asked, expected = vector(name)["inputs"], vector(name)["expected"]
    assert safe_mode.signature(asked["token"], asked["timestamp"], asked["nonce"]) == expected["signature"]


def test_published_address_check() -> None:
    asked, expected = vector("mp-url-verify")["inputs"], vector("mp-url-verify")["expected"]
    ours = Receiver.of(APPID, {"token": asked["token"], "encoding_aes_key": KEY})
    query = [(name, asked[name]) for name in ("timestamp", "nonce", "echostr")]
    query.append(("signature", expected["signature"]))
    assert pushes.check_address(ours, query, int(asked["timestamp"]) + 1) == expected["reply"]


@pytest.mark.parametrize(("name", "receiver_name"), [("mp-aes-reply", "appid"), ("wechatpy-biz-encrypt", "receive_id")])
def test_published_encryption_both_ways(name: str, receiver_name: str) -> None:
    asked, expected = vector(name)["inputs"], vector(name)["expected"]
    key, appid = asked["encoding_aes_key"], asked[receiver_name]
    assert push_sealing.encrypt(key, asked["msg"].encode(), appid, asked["random16"].encode()) == expected["encrypt"]
    assert safe_mode.decrypt(safe_mode.aes_key(key), expected["encrypt"], appid) == asked["msg"].encode()
    parts = (asked["token"], asked["timestamp"], asked["nonce"], expected["encrypt"])
    assert safe_mode.signed(expected["msg_signature"], *parts)


def test_published_encrypted_echo() -> None:
    asked, expected = vector("wechatpy-biz-echostr")["inputs"], vector("wechatpy-biz-echostr")["expected"]
    parts = (asked["token"], asked["timestamp"], asked["nonce"], asked["echostr"])
    assert safe_mode.signature(*parts) == expected["msg_signature"]
    key = safe_mode.aes_key(asked["encoding_aes_key"])
    assert safe_mode.decrypt(key, asked["echostr"], asked["receive_id"]).isdigit()


def test_wechatpy_agrees() -> None:
    query, raw = sealed({"a": "中文"})
    given = dict(query)
    theirs = WeChatCrypto(TOKEN, KEY, APPID)
    args = (given["msg_signature"], given["timestamp"], given["nonce"])
    assert json.loads(theirs.decrypt_message(json.loads(raw), *args)) == {"a": "中文"}


# -- what is read -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_push_in_safe_mode(form: str) -> None:
    found = read(*sealed(EVENT, form=form))
    assert (found.kind, found.openid) == ("subscribe_msg_popup_event", "oABC-def_1")
    assert found.created_at.timestamp() == NOW - 3
    assert found.content["List"] == EVENT["List"]
    assert "oABC" not in repr(found)


def test_the_previous_key_still_opens() -> None:
    query, raw = sealed(EVENT, key=OLD_KEY)
    assert read(query, raw, previous_encoding_aes_key=OLD_KEY).kind == "subscribe_msg_popup_event"
    with pytest.raises(PushRefused, match="not a push"):
        read(query, raw)


def test_plain_mode_reads_xml_with_nested_lists() -> None:
    raw = (
        b"<xml><FromUserName><![CDATA[oX]]></FromUserName><CreateTime>1764000000</CreateTime><MsgType>event</MsgType>"
        b"<Event>subscribe_msg_change_event</Event><SubscribeMsgChangeEvent><List><TemplateId>T1</TemplateId></List>"
        b"<List><TemplateId>T2</TemplateId></List></SubscribeMsgChangeEvent></xml>"
    )
    found = read(plain_query(), raw, mode="plain")
    assert found.content["SubscribeMsgChangeEvent"]["List"] == [{"TemplateId": "T1"}, {"TemplateId": "T2"}]


def test_copies_are_the_same_and_others_are_not() -> None:
    message = {**EVENT, "MsgType": "text", "Event": "", "MsgId": 77}
    one, copy = read(*sealed(message)), read(*sealed({**message, "CreateTime": NOW}))
    assert one.same_as == copy.same_as
    event, later = read(*sealed(EVENT)), read(*sealed({**EVENT, "CreateTime": NOW}))
    other_list = read(*sealed({**EVENT, "List": [{"TemplateId": "T2", "SubscribeStatusString": "accept"}]}))
    assert len({event.same_as, later.same_as, other_list.same_as}) == 3
    assert read(*sealed(EVENT)).same_as == event.same_as


# -- what is refused ----------------------------------------------------------------------------------------------


def changed(query: list[tuple[str, str]], **changes: str | None) -> list[tuple[str, str]]:
    kept = {**dict(query), **changes}
    return [(name, value) for name, value in kept.items() if value is not None]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"msg_signature": "0" * 40}, "signature"), ({"msg_signature": None}, "signature"),
        ({"nonce": "n2"}, "signature"), ({"timestamp": str(NOW - 1)}, "signature"),
        ({"timestamp": str(NOW - 300)}, "timestamp"), ({"timestamp": str(NOW + 300)}, "timestamp"),
        ({"timestamp": "x"}, "timestamp"), ({"timestamp": "9" * 50}, "timestamp"), ({"timestamp": None}, "query"),
        ({"nonce": None}, "query"), ({"nonce": "n\r\n1"}, "query"), ({"nonce": ""}, "query"),
        ({"encrypt_type": "raw"}, "query"), ({"encrypt_type": None}, "query"),
    ],
)  # fmt: skip
def test_a_query_that_proves_nothing(changes: dict[str, str | None], reason: str) -> None:
    query, raw = sealed(EVENT)
    with pytest.raises(PushRefused) as refused:
        read(changed(query, **changes), raw)
    assert (refused.value.reason, refused.value.code) == (reason, f"wechat_push.{reason}")


def test_a_parameter_that_comes_twice() -> None:
    query, raw = sealed(EVENT)
    with pytest.raises(PushRefused) as refused:
        read([*query, ("timestamp", str(NOW))], raw)
    assert refused.value.reason == "query"


def test_nobody_chooses_plain_mode_for_us() -> None:
    with pytest.raises(PushRefused):
        read(plain_query(), json.dumps(EVENT).encode())
    with pytest.raises(PushRefused):
        read(*sealed(EVENT), mode="plain")


def test_a_push_for_another_app_or_with_another_key() -> None:
    for wrong in (sealed(EVENT, appid="wx_of_somebody_else"), sealed(EVENT, key=OLD_KEY)):
        with pytest.raises(PushRefused) as refused:
            read(*wrong)
        assert refused.value.reason == "decrypt"


@pytest.mark.parametrize("cipher", ["", "AAAA", "not base64!", "A" * 44, "A" * 64, push_sealing.encrypt(KEY, b"", "")])
def test_ciphers_that_hold_nothing(cipher: str) -> None:
    proof = push_sealing.signature(TOKEN, str(NOW), "n1", cipher)
    query = [("timestamp", str(NOW)), ("nonce", "n1"), ("encrypt_type", "aes"), ("msg_signature", proof)]
    with pytest.raises(PushRefused):
        read(query, json.dumps({"Encrypt": cipher}).encode())


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"[]", b"1", b'{"Encrypt":1}', b'{"a":1}', b"\xff\xfe", b'{"Encrypt":"a","Encrypt":"b"}', b"<xml>",
        b"<xml/>", b"{" * 100_000, b"<a>" * 10_000, b'<!DOCTYPE a [<!ENTITY x "y">]><xml><Encrypt>&x;</Encrypt></xml>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><xml/>', b"<xml><?php x?></xml>", b"<xml>&unknown;</xml>",
        b"<xml>" + b"<a/>" * 5000 + b"</xml>", b'{"a":NaN}', b'{"a":' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_bodies_that_are_no_document(raw: bytes) -> None:
    with pytest.raises((PushMalformed, PushRefused)):
        read(sealed(EVENT)[0], raw)


@pytest.mark.parametrize(
    "raw",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><xml><a>&x;</a></xml>', b"<!DOCTYPE a><xml><a>1</a></xml>",
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><xml><a>1</a></xml>', b"<xml><?x y?><a>1</a></xml>",
    ],
)  # fmt: skip
def test_xml_has_no_doctype_and_no_instructions(raw: bytes) -> None:
    with pytest.raises(documents.NotADocument):
        documents.read(raw)
    assert documents.read(b"<xml><a>1</a></xml>") == {"a": "1"}


NESTED = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
GROWING = {
    "each ten of the one before": f'<!DOCTYPE x [<!ENTITY l0 "lol">{NESTED}]><xml><a>&l9;</a></xml>',
    "one long one, often": f'<!DOCTYPE x [<!ENTITY a "{"a" * 30_000}">]><xml><a>{"&a;" * 10_000}</a></xml>',
    "a parameter's": '<!DOCTYPE x [<!ENTITY % a "<!ENTITY b \'b\'>"> %a;]><xml><a>&b;</a></xml>',
}


@pytest.mark.parametrize("name", GROWING)
def test_entities_do_not_grow(name: str) -> None:
    """Refused where the document type begins: the work is that of a few bytes, whatever would come after them."""
    began = time.thread_time()
    with pytest.raises(documents.NotADocument):
        documents.read(GROWING[name].encode())
    assert time.thread_time() - began < 0.1  # of this thread's own work, so that a busy machine does not count


@pytest.mark.parametrize("name", GROWING)
def test_entities_do_not_grow_in_a_push_that_is_signed(name: str) -> None:
    cipher = push_sealing.encrypt(KEY, GROWING[name].encode(), APPID)
    proof = push_sealing.signature(TOKEN, str(NOW), "n1", cipher)
    query = [("timestamp", str(NOW)), ("nonce", "n1"), ("encrypt_type", "aes"), ("msg_signature", proof)]
    with pytest.raises((PushMalformed, PushRefused)):
        read(query, json.dumps({"Encrypt": cipher}).encode())


@pytest.mark.parametrize(
    "changes",
    [
        {"FromUserName": None}, {"FromUserName": "a b"}, {"FromUserName": "x" * 65}, {"FromUserName": "\ud800"},
        {"Event": "bad\x00kind"}, {"Event": ["a"]}, {"CreateTime": "soon"}, {"CreateTime": True},
        {"CreateTime": 10**12}, {"MsgId": "\u0000"}, {"MsgId": {"a": 1}},
    ],
)  # fmt: skip
def test_signed_contents_that_are_not_wechats(changes: dict[str, Any]) -> None:
    with pytest.raises(PushMalformed):
        read(*sealed({**EVENT, **changes}))


def test_an_echo_is_not_a_mirror() -> None:
    query = [*plain_query(), ("echostr", "<script>")]
    with pytest.raises(PushRefused) as refused:
        pushes.check_address(receiver(), query, NOW)
    assert refused.value.reason == "query"
    with pytest.raises(PushRefused):
        pushes.check_address(receiver(), [*plain_query(NOW - 300), ("echostr", "1")], NOW)


@pytest.mark.parametrize("key", ["", "short", "!" * 43, "A" * 44])
def test_keys_of_another_shape(key: str) -> None:
    with pytest.raises(ValueError, match="43"):
        receiver(encoding_aes_key=key) if key else safe_mode.aes_key(key)
