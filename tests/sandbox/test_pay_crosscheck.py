"""The sandbox against others' work: published vectors of WeChat's own SDKs, and a WeChat Pay client from PyPI."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from wechatpayv3 import WeChatPay, WeChatPayType
from werkzeug.serving import make_server

from sandbox.context import World
from sandbox.wechat.pay import sealing
from tests.sandbox.merchant import Listener, Merchant

VECTORS = Path(__file__).parents[3] / "shared" / "acceptance" / "wechat_vectors.json"


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    if not VECTORS.exists():
        pytest.skip("the published vectors are not beside this clone")
    return {vector["id"]: vector for vector in json.loads(VECTORS.read_text())}


def test_request_messages_match(vectors: dict[str, Any]) -> None:
    for name in ("go-request-message-nobody", "go-request-message-body"):
        given = vectors[name]["inputs"]
        parts = (given["method"], given["canonical_url"], str(given["timestamp"]), given["nonce"], given["body"])
        assert sealing.message(*parts).decode() == vectors[name]["expected"]["message"]


def test_a_published_signature_verifies_and_another_text_does_not(vectors: dict[str, Any]) -> None:
    given = vectors["go-rsa-verify-cert"]["inputs"]
    certificate, signature = given["certificate_pem"], given["signature_b64"]
    assert sealing.verified(certificate, given["message"].encode(), signature)
    assert not sealing.verified(certificate, b"wrong", signature)
    assert not sealing.verified(certificate, given["message"].encode(), "WECHATPAY/SIGNTEST/" + signature[19:])


def test_published_ciphertext_opens_and_is_made_again(vectors: dict[str, Any]) -> None:
    vector = vectors["go-aes-gcm"]
    given = vector["inputs"]
    resource = {
        "nonce": given["nonce"],
        "associated_data": given["associated_data"],
        "ciphertext": given["ciphertext_b64"],
    }
    plain = vector["expected"]["plaintext"].encode()
    assert sealing.decrypt(given["key"], resource) == plain
    made = sealing.encrypt(given["key"], plain, given["associated_data"], given["nonce"])
    assert made["ciphertext"] == given["ciphertext_b64"]
    with pytest.raises(InvalidTag):
        sealing.decrypt(vector["expected"]["wrong_key_fails"], resource)


@pytest.fixture
def address(sandbox_app: Flask) -> Iterator[str]:
    """The sandbox on a real socket."""
    server = make_server("127.0.0.1", 0, sandbox_app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def library(world: World, address: str, **more: Any) -> WeChatPay:
    section = world.keys["wechat_pay"]
    body = "".join(section["merchant_private_key_pem"].split("-----")[2].split())
    pay = WeChatPay(
        wechatpay_type=WeChatPayType.MINIPROG,
        mchid=section["mchid"],
        private_key=body,
        cert_serial_no=section["merchant_serial"],
        appid=world.keys["wechat"]["mini"]["appid"],
        apiv3_key=section["api_v3_key"],
        notify_url="http://127.0.0.1:9/never",
        **more,
    )
    pay._core._gate_way = address
    return pay


def public_key(world: World) -> dict[str, str]:
    section = world.keys["wechat_pay"]
    body = "".join(section["platform_public_key_pem"].split("-----")[2].split())
    return {"public_key": body, "public_key_id": section["platform_public_key_id"]}


def certificate_folder(world: World, folder: Path) -> dict[str, str]:
    (folder / "platform.pem").write_text(world.keys["wechat_pay"]["platform_certificate"]["certificate_pem"])
    return {"cert_dir": str(folder)}


@pytest.mark.parametrize("mode", ["public_key", "certificate"])
def test_the_library_orders_pays_reads_the_notice_queries_refunds_and_closes(
    sandbox_app: Flask, world: World, address: str, tmp_path_factory: pytest.TempPathFactory, mode: str
) -> None:
    keys = public_key(world) if mode == "public_key" else certificate_folder(world, tmp_path_factory.mktemp("pem"))
    pay = library(world, address, **keys)
    merchant = Merchant(sandbox_app.test_client(), world)
    merchant.client.post("/sandbox/api/pay/settings", json={"notice_key": mode})
    with Listener() as listener:
        code, text = pay.pay(
            description="测试还款",
            out_trade_no="LIBRARY-0001",
            amount={"total": 856066},
            payer={"openid": merchant.openid("good")},
            notify_url=listener.url,
        )
        assert code == 200, text
        params = merchant.client_params("x") | {"package": f"prepay_id={json.loads(text)['prepay_id']}"}
        params["paySign"] = pay.sign([params[name] for name in ("appId", "timeStamp", "nonceStr", "package")])
        asked = {"persona": "good", "params": params}
        assert merchant.client.post("/sandbox/api/wechat/request-payment", json=asked).json["paid"] is True
        world.timers.run_due(world)
        (received,) = listener.received
        notice = pay.callback(dict(received.headers.items()), received.body)
        assert notice["event_type"] == "TRANSACTION.SUCCESS"
        assert notice["resource"]["amount"]["payer_total"] == 856066
        code, text = pay.query(out_trade_no="LIBRARY-0001")
        assert (code, json.loads(text)) == (200, notice["resource"])
        code, text = pay.refund(
            "REFUND-1", {"refund": 1, "total": 856066, "currency": "CNY"}, out_trade_no="LIBRARY-0001"
        )
        assert (code, json.loads(text)["status"]) == (200, "PROCESSING")
        assert pay.query_refund("REFUND-1")[0] == 200
        assert pay.close("LIBRARY-0001")[0] == 400


def test_the_library_downloads_the_platform_certificate(world: World, address: str, tmp_path: Path) -> None:
    pay = library(world, address, **public_key(world))
    pay._core._update_certificates()
    (certificate,) = pay._core._certificates
    assert f"{certificate.serial_number:040X}" == world.keys["wechat_pay"]["platform_certificate"]["serial"]


def test_a_sensitive_field_of_the_library_opens(world: World, address: str) -> None:
    pay = library(world, address, **public_key(world))
    sealed = pay._core.encrypt("测试姓名")
    assert base64.b64decode(sealed)
    assert sealing.open_sensitive(world.keys["wechat_pay"]["platform_private_key_pem"], sealed) == "测试姓名"
