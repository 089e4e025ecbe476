"""Pushes of WeChat: the address check, and messages in plain or safe mode, proved before anything is parsed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.adapters.wechat_messages import Push, PushMalformed, PushRefused, documents, safe_mode

WINDOW_S = 300
_PART = re.compile(r"[0-9A-Za-z_+/=.-]{1,128}")  # nonces, echoes and signatures, whatever their alphabet
_OPENID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_KIND = re.compile(r"[0-9A-Za-z_]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,32}")
Query = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Receiver:
    """What the mini-program's console and we agreed on. Two keys while one replaces the other."""

    appid: str
    token: str
    keys: tuple[bytes, ...]
    plain: bool = False

    @classmethod
    def of(cls, appid: str, section: Mapping[str, Any]) -> Receiver:
        """From the channels file. ValueError for a key of another shape."""
        encoded = [section["encoding_aes_key"], section.get("previous_encoding_aes_key")]
        keys = tuple(safe_mode.aes_key(one) for one in encoded if one)
        return cls(appid, section["token"], keys, plain=section.get("mode", "safe") == "plain")


def check_address(receiver: Receiver, query: Query, now: float) -> str:
    """The echo to answer; see the protocol."""
    given = _single(query)
    _check_time(given, now)
    if not safe_mode.signed(given.get("signature", ""), receiver.token, given["timestamp"], given["nonce"]):
        raise PushRefused("signature")
    if not _PART.fullmatch(given.get("echostr", "")):
        raise PushRefused("query")
    return given["echostr"]


def read_push(receiver: Receiver, query: Query, raw: bytes, now: float) -> Push:
    """See the protocol. In plain mode the signature covers no byte of the body: use it for trying out only."""
    given = _single(query)
    _check_time(given, now)
    encrypted = given.get("encrypt_type") == "aes"
    if encrypted == receiver.plain:  # nobody chooses a weaker mode for us
        raise PushRefused("query")
    return _push(_opened(receiver, given, raw) if encrypted else _plain(receiver, given, raw), receiver)


def _single(query: Query) -> dict[str, str]:
    found = dict(query)
    if len(found) != len(query) or not {"timestamp", "nonce"} <= set(found):
        raise PushRefused("query")
    if not all(_PART.fullmatch(found[name]) for name in ("timestamp", "nonce")):
        raise PushRefused("query")
    return found


def _check_time(given: Mapping[str, str], now: float) -> None:
    timestamp = given["timestamp"]
    if not timestamp.isdigit() or len(timestamp) > 12 or abs(now - int(timestamp)) >= WINDOW_S:
        raise PushRefused("timestamp")


def _plain(receiver: Receiver, given: Mapping[str, str], raw: bytes) -> dict[str, Any]:
    if not safe_mode.signed(given.get("signature", ""), receiver.token, given["timestamp"], given["nonce"]):
        raise PushRefused("signature")
    return _document(raw)


def _opened(receiver: Receiver, given: Mapping[str, str], raw: bytes) -> dict[str, Any]:
    """The envelope must be parsed to find what is signed: it holds nothing else that is used."""
    sealed = _document(raw).get("Encrypt")
    if not isinstance(sealed, str):
        raise PushMalformed("There is no Encrypt.")
    parts = (receiver.token, given["timestamp"], given["nonce"], sealed)
    if not safe_mode.signed(given.get("msg_signature", ""), *parts):
        raise PushRefused("signature")
    for key in receiver.keys:
        try:
            return _document(safe_mode.decrypt(key, sealed, receiver.appid))
        except safe_mode.NotOpened:
            continue
    raise PushRefused("decrypt")


def _document(raw: bytes) -> dict[str, Any]:
    try:
        return documents.read(raw)
    except documents.NotADocument:
        raise PushMalformed("Send WeChat's JSON or XML.") from None


def _push(document: dict[str, Any], receiver: Receiver) -> Push:
    openid, kind = str(document.get("FromUserName") or ""), str(document.get("Event") or document.get("MsgType") or "")
    created, number = str(document.get("CreateTime") or ""), document.get("MsgId")
    told = {openid: _OPENID, kind: _KIND, created: _NUMBER, **({str(number): _NUMBER} if number else {})}
    if not all(shape.fullmatch(text) for text, shape in told.items()) or len(created) > 11:
        raise PushMalformed("Sender, kind, time or number are not WeChat's.")
    same = [str(number)] if number else [openid, created, kind, _digest(document)]
    at = datetime.fromtimestamp(int(created), UTC)
    return Push(kind.lower(), openid, at, "|".join([receiver.appid, *same]), document)


def _digest(document: Mapping[str, Any]) -> str:
    """Two events of one second may differ in their list only: what is told is part of what makes a copy."""
    listed = repr(sorted((str(name), repr(value)) for name, value in document.items()))
    return hashlib.sha256(listed.encode("utf-8", "surrogatepass")).hexdigest()
