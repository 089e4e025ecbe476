"""The yardstick of payment callbacks: the least that a correct answer to a notice of WeChat Pay can be.

Verify the signature over the raw bytes, decrypt, one INSERT, commit, 204. No time window, no key by serial, no limit on
headers or size, no order, no event, no job, no log, no sealed body. What one would write first with the same libraries;
`gunicorn bench.callbacks_yardstick:app -c config/gunicorn.py` runs it with the settings of production, and
bench/callbacks.py times it beside the product. KEYS_FILE: platform_public_key_pem and api_v3_key as JSON.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, Response, request
from sqlalchemy import create_engine, text

TABLE = "CREATE TABLE IF NOT EXISTS yardstick_payments (transaction_id varchar(32) PRIMARY KEY, amount_fen bigint)"
INSERT = text("INSERT INTO yardstick_payments VALUES (:transaction_id, :amount_fen) ON CONFLICT DO NOTHING")


def create() -> Flask:
    """The whole program."""
    keys = json.loads(Path(os.environ["KEYS_FILE"]).read_text())
    platform = serialization.load_pem_public_key(keys["platform_public_key_pem"].encode())
    assert isinstance(platform, rsa.RSAPublicKey)
    cipher = AESGCM(keys["api_v3_key"].encode())
    engine = create_engine(os.environ["DATABASE_URL"], pool_size=8)
    app = Flask(__name__)
    app.extensions["engine"] = engine  # config/gunicorn.py gives each worker sockets of its own

    @app.post("/callbacks/wechat/pay")
    def notice() -> Response:
        raw, told = request.get_data(), request.headers
        signed = f"{told['Wechatpay-Timestamp']}\n{told['Wechatpay-Nonce']}\n".encode() + raw + b"\n"
        signature = base64.b64decode(told["Wechatpay-Signature"])
        platform.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        sealed = json.loads(raw)["resource"]
        plain = cipher.decrypt(
            sealed["nonce"].encode(), base64.b64decode(sealed["ciphertext"]), sealed["associated_data"].encode()
        )
        paid = json.loads(plain)
        values = {"transaction_id": paid["transaction_id"], "amount_fen": paid["amount"]["total"]}
        with engine.begin() as connection:
            connection.execute(INSERT, values)
        return Response(status=204)

    return app


app = create() if "KEYS_FILE" in os.environ else None
