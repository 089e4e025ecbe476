"""What the vendors handed the bank, cut out of the sandbox's world: never a vendor's own private half."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

World = Mapping[str, Any]
PORTS = ("sms", "core_bank", "bureau", "tax")


def channels_of(world: World, sandbox_url: str) -> dict[str, Any]:
    """The content of DUKOU_CHANNELS_FILE. Every vendor's address is the sandbox: its paths are the true paths."""
    wechat, pay, esign = world["wechat"], world["wechat_pay"], world["esign"]
    return {
        "wechat_login": {
            "base_url": sandbox_url,
            "authorize_url": f"{sandbox_url}/connect/oauth2/authorize",
            "mini": _only(wechat["mini"], "appid", "secret"),
            "h5": _only(wechat["h5"], "appid", "secret"),
        },
        "wechat_messages": {
            "push": _only(wechat["mini"], "encoding_aes_key") | {"token": wechat["mini"]["message_token"]},
            "templates": wechat["mini"]["templates"],
        },
        "wechat_pay": {
            "base_url": sandbox_url,
            "mode": "public_key",
            **_only(
                pay, "mchid", "merchant_serial", "merchant_private_key_pem", "api_v3_key",
                "platform_public_key_id", "platform_public_key_pem",
            ),
        },
        **{port: {"base_url": sandbox_url, **_only(world["ports"][port], "client_id", "secret")} for port in PORTS},
        "tsa": {"url": f"{sandbox_url}/tsa", **_only(world["tsa"], "ca_certificate_pem")},
        "test_world": {"base_url": sandbox_url},
        "esign": _only(esign, "ca_certificate_pem", "signer_certificate_pem", "signer_private_key_pem"),
    }  # fmt: skip


def _only(section: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: section[name] for name in names}
