"""GET /v3/certificates: the platform certificate, encrypted with the merchant's APIv3 key."""

from __future__ import annotations

from cryptography import x509
from flask import Blueprint, Response

from sandbox.context import SHANGHAI, current
from sandbox.wechat.pay import sealing, settings
from sandbox.wechat.pay.answers import PayRefused, answer

blueprint = Blueprint("wechat_pay_certificates", __name__)


@blueprint.get("/certificates")
def certificates() -> Response:
    """Every usable platform certificate; merchants that have only the public key get RESOURCE_NOT_EXISTS."""
    world = current()
    if settings.read(world)["key_mode"] == "public_key":
        raise PayRefused(404, "RESOURCE_NOT_EXISTS", "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥")
    section = world.keys["wechat_pay"]
    certificate = section["platform_certificate"]
    parsed = x509.load_pem_x509_certificate(certificate["certificate_pem"].encode())
    entry = {
        "serial_no": certificate["serial"],
        "effective_time": parsed.not_valid_before_utc.astimezone(SHANGHAI).isoformat(),
        "expire_time": parsed.not_valid_after_utc.astimezone(SHANGHAI).isoformat(),
        "encrypt_certificate": sealing.encrypt(
            section["api_v3_key"], certificate["certificate_pem"].encode(), "certificate"
        ),
    }
    return answer({"data": [entry]})
