"""Which of the platform's two keys signs: the public-key pair (PUB_KEY_ID_…) or the platform certificate."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.context import World
from sandbox.wechat.pay import sealing, settings

PROBE = "WECHATPAY/SIGNTEST/"


@dataclass(frozen=True)
class PlatformKey:
    """A signing key of the platform and the serial that names it."""

    serial: str
    private_key_pem: str


def platform_keys(world: World) -> list[PlatformKey]:
    """The keys that exist in the present key mode."""
    section = world.keys["wechat_pay"]
    public = PlatformKey(section["platform_public_key_id"], section["platform_private_key_pem"])
    certificate = section["platform_certificate"]
    certified = PlatformKey(certificate["serial"], certificate["private_key_pem"])
    mode = settings.read(world)["key_mode"]
    return {"public_key": [public], "certificate": [certified]}.get(mode, [public, certified])


def answering_key(world: World, asked_serial: str) -> PlatformKey:
    """The key that the request's Wechatpay-Serial names; the one for notices if it names none that exists."""
    named = (key for key in platform_keys(world) if key.serial == asked_serial)
    return next(named, notice_key(world))


def opening_key(world: World, asked_serial: str) -> PlatformKey | None:
    """The key that the request's Wechatpay-Serial names, by which encrypted fields are opened."""
    return next((key for key in platform_keys(world) if key.serial == asked_serial), None)


def notice_key(world: World, kind: str = "") -> PlatformKey:
    """The key that signs notices: of the wanted kind, or as the settings say."""
    keys = platform_keys(world)
    wanted_first = (kind or settings.read(world)["notice_key"]) == "public_key"
    return keys[0] if wanted_first else keys[-1]


def signature_headers(
    world: World, key: PlatformKey, body: bytes, *, probe: bool = False, skew_seconds: int = 0
) -> dict[str, str]:
    """The five Wechatpay-* headers of an answer or a notice; a probe carries a signature that must not verify."""
    timestamp, nonce = str(int(world.wire_seconds()) + skew_seconds), sealing.random_text(32)
    signature = sealing.sign(key.private_key_pem, sealing.message(timestamp, nonce, body))
    return {
        "Wechatpay-Serial": key.serial,
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": PROBE + signature[len(PROBE) :] if probe else signature,
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }
