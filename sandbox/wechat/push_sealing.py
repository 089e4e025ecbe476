"""How WeChat signs and encrypts what it pushes (WXBizMsgCrypt)."""

from __future__ import annotations

import base64
import hashlib
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PADDING_BLOCK = 32


def signature(*parts: str) -> str:
    """hex(SHA-1(sorted parts joined)): token, timestamp, nonce and, in safe mode, the cipher."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324  the protocol's choice


def encrypt(encoding_aes_key: str, message: bytes, appid: str, random16: bytes | None = None) -> str:
    """`Encrypt`: base64 of AES-256-CBC over 16 random bytes, length, message, appid, padded to blocks of 32."""
    key = base64.b64decode(encoding_aes_key + "=")
    plain = (random16 or secrets.token_bytes(16)) + len(message).to_bytes(4, "big") + message + appid.encode()
    count = PADDING_BLOCK - len(plain) % PADDING_BLOCK
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([count]) * count) + encryptor.finalize()).decode()
