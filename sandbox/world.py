"""world.json: what every vendor hands the bank at onboarding, with the vendors' own private halves."""

from __future__ import annotations

import argparse
import base64
import json
import os
import secrets
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.certificates import Issued, issue, new_authority, new_key, private_pem, public_pem

Section = dict[str, Any]
Keys = dict[str, Any]

_ALNUM = string.ascii_letters + string.digits


def load(path: str | Path) -> Keys:
    """Read world.json; FileNotFoundError says that `python -m sandbox.world` has not run yet."""
    keys: Keys = json.loads(Path(path).read_text(encoding="utf-8"))
    return keys


def create(path: str | Path, *, base_url: str, bank_url: str) -> Keys:
    """Write world.json with mode 0600, keeping every section that is there already, and answer its content.

    Only the two addresses follow the arguments: they are settings, not credentials.
    """
    target = Path(path)
    keys: Keys = load(target) if target.exists() else {}
    keys |= {"base_url": base_url.rstrip("/"), "bank_url": bank_url.rstrip("/")}
    for name, make in _SECTIONS.items():
        if name not in keys:
            keys[name] = make()
    keys["partner"].setdefault("publishable_key", _publishable_key())  # worlds made before partners had one
    keys["wechat"]["mini"].setdefault("templates", _templates())  # the same
    _write_private(target, json.dumps(keys, ensure_ascii=False, indent=1))
    return keys


def _write_private(target: Path, text: str) -> None:
    """Replace the file in one step; nobody but the owner can read it at any moment."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    draft.replace(target)


def _wechat() -> Section:
    return {
        "mini": {
            "appid": _appid(),
            "secret": secrets.token_hex(16),
            "message_token": _letters(24),
            "encoding_aes_key": _letters(43),
        },
        "h5": {"appid": _appid(), "secret": secrets.token_hex(16)},
    }


# {kind of message: (title in the console's library, {the bank's name of a value: the template's keyword})}
_MESSAGES: dict[str, tuple[str, dict[str, str]]] = {
    "approved": ("贷款审批通过通知", {"amount": "amount1", "note": "thing2"}),
    "declined": ("贷款审批结果通知", {"note": "thing1"}),
    "disbursed": ("放款成功通知", {"amount": "amount1", "note": "thing2"}),
    "paid": ("还款成功通知", {"amount": "amount1", "note": "thing2"}),
    "settled": ("贷款结清通知", {"note": "thing1"}),
    "due_soon": ("还款提醒", {"amount": "amount1", "due_on": "date2", "note": "thing3"}),
    "overdue": ("逾期提醒", {"amount": "amount1", "due_on": "date2", "note": "thing3"}),
    "appointment": ("预约提醒", {"at": "time1", "place": "thing2", "note": "thing3"}),
}


def _templates() -> Section:
    return {
        kind: {"id": _letters(43), "title": title, "fields": fields} for kind, (title, fields) in _MESSAGES.items()
    }


def _wechat_pay() -> Section:
    authority = new_authority("Sandbox Pay Root CA", "Sandbox")
    merchant = issue(authority, "1900000109", "Sandbox Merchant")
    platform = issue(authority, "Sandbox Pay Platform", "Sandbox")
    public_key = new_key()
    return {
        "mchid": f"16{secrets.randbelow(10**8):08d}",
        "merchant_serial": merchant.serial,
        "merchant_private_key_pem": merchant.key_pem,
        "merchant_certificate_pem": merchant.certificate_pem,
        "api_v3_key": _letters(32),
        "platform_public_key_id": f"PUB_KEY_ID_01{secrets.randbelow(10**32):032d}",
        "platform_public_key_pem": public_pem(public_key.public_key()),
        "platform_private_key_pem": private_pem(public_key),
        "platform_certificate": {
            "serial": platform.serial,
            "certificate_pem": platform.certificate_pem,
            "private_key_pem": platform.key_pem,
        },
    }


def _ports() -> Section:
    def client(port: str) -> Section:
        return {"client_id": f"bank-{port}-{secrets.token_hex(4)}", "secret": secrets.token_hex(32)}

    return {"core_bank": client("core"), "bureau": client("bureau"), "tax": client("tax"), "sms": client("sms")}


def _esign() -> Section:
    authority = new_authority("Sandbox E-Sign Root CA", "Sandbox E-Sign")
    return _with_authority(authority, issue(authority, "Sandbox Bank Contract Seal", "Sandbox Bank"), "signer_")


def _tsa() -> Section:
    authority = new_authority("Sandbox Time Stamp Root CA", "Sandbox Time")
    return _with_authority(
        authority, issue(authority, "Sandbox Time Stamp Unit 1", "Sandbox Time", time_stamping=True), ""
    )


def _with_authority(authority: Issued, end: Issued, prefix: str) -> Section:
    return {
        "ca_certificate_pem": authority.certificate_pem,
        f"{prefix}certificate_pem": end.certificate_pem,
        f"{prefix}private_key_pem": end.key_pem,
    }


def _partner() -> Section:
    key = Ed25519PrivateKey.generate()
    return {
        "name": "云仓批发",
        "partner_code": "demo-shop",
        "key_id": f"demo-shop-{secrets.token_hex(4)}",
        "private_key_pem": private_pem(key),
        "public_key_pem": public_pem(key.public_key()),
        "webhook_secret": "whsec_" + _base64_secret(),
        "merchant": {
            "merchant_ref": "cloud-depot",
            "name": "云仓批发（杭州）测试商贸有限公司",
            "account_no": "6200000000000001088",
            "account_name": "云仓批发（杭州）测试商贸有限公司",
            "bank_code": "313331000014",
        },
    }


def _publishable_key() -> str:
    """The partner's name in its own pages: public, of the shape the bank gives out for tests."""
    return f"pk_test_{_letters(24)}"


def _base64_secret() -> str:
    """A webhook secret as Standard Webhooks writes it: 32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _appid() -> str:
    return "wx" + secrets.token_hex(8)


def _letters(length: int) -> str:
    return "".join(secrets.choice(_ALNUM) for _ in range(length))


_SECTIONS: dict[str, Callable[[], Section]] = {
    "wechat": _wechat,
    "wechat_pay": _wechat_pay,
    "ports": _ports,
    "esign": _esign,
    "tsa": _tsa,
    "partner": _partner,
}


def main() -> None:
    """`python -m sandbox.world PATH --base-url URL --bank-url URL`."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.world", description="Create world.json if it is missing.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--base-url", default="http://127.0.0.1:8001", help="where the sandbox answers")
    parser.add_argument("--bank-url", default="http://127.0.0.1:8000", help="where the bank answers")
    arguments = parser.parse_args()
    create(arguments.path, base_url=arguments.base_url, bank_url=arguments.bank_url)


if __name__ == "__main__":
    main()
