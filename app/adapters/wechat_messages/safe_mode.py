"""Signatures and encryption of WeChat's message push (WXBizMsgCrypt): SHA-1 over sorted parts, AES-256-CBC.

wechatpy has the same, but compares signatures in variable time and takes any padding.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PADDING_BLOCK = 32
CIPHER_BLOCK = 16
RANDOM = 16
_KEY = re.compile(r"[A-Za-z0-9]{43}")


class NotOpened(Exception):
    """Not encrypted for us with this key; the text says at which step it failed."""


def signature(*parts: str) -> str:
    """hex(SHA-1(the parts, sorted and joined)); the parts are token, timestamp, nonce and, in safe mode, the cipher."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324  the protocol's choice


def signed(given: str, *parts: str) -> bool:
    """Whether `given` is the parts' signature, compared in constant time."""
    return hmac.compare_digest(given.encode(), signature(*parts).encode())


def aes_key(encoded: str) -> bytes:
    """The 32 bytes of a 43-character EncodingAESKey. ValueError for anything else."""
    if not _KEY.fullmatch(encoded):
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return base64.b64decode(encoded + "=")


def decrypt(key: bytes, sealed: str, appid: str) -> bytes:
    """The message in `Encrypt`: 16 random bytes, length, message, appid. Raises NotOpened."""
    try:
        content = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        raise NotOpened("base64") from None
    if not content or len(content) % CIPHER_BLOCK:
        raise NotOpened("length")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = _without_padding(decryptor.update(content) + decryptor.finalize())
    length = int.from_bytes(plain[RANDOM : RANDOM + 4], "big")
    message, receiver = plain[RANDOM + 4 : RANDOM + 4 + length], plain[RANDOM + 4 + length :]
    if len(message) != length or not hmac.compare_digest(receiver, appid.encode()):
        raise NotOpened("receiver")
    return message


def _without_padding(plain: bytes) -> bytes:
    count = plain[-1]
    if not 1 <= count <= PADDING_BLOCK or plain[-count:] != bytes([count]) * count or len(plain) - count < RANDOM + 4:
        raise NotOpened("padding")
    return plain[:-count]
