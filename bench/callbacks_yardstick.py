"""The yardstick of payment callbacks: the smallest program that answers a notice of WeChat Pay and loses no money.

Verify the signature over the raw bytes, decrypt, and in one commit of five statements: the notice once by its
transaction number, the payment, its two entries in the book, and one event in an outbox; 204. A copy ends after the
first statement. No time window, no key by serial, no limit on headers or size, no order to compare with, no history, no
job, no log, no sealed body. What one would write first with the same libraries; `gunicorn bench.callbacks_yardstick:app
-c config/gunicorn.py` runs it with the settings of production, and bench/callbacks.py times it beside the product.
KEYS_FILE: platform_public_key_pem and api_v3_key as JSON.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, Response, request
from sqlalchemy import Engine, create_engine, text

TABLES = """
CREATE TABLE IF NOT EXISTS yardstick_notices (transaction_id varchar(32) PRIMARY KEY, body text NOT NULL);
CREATE TABLE IF NOT EXISTS yardstick_payments (
    transaction_id varchar(32) PRIMARY KEY, out_trade_no varchar(32) NOT NULL, amount_fen bigint NOT NULL
);
CREATE TABLE IF NOT EXISTS yardstick_entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, transaction_id varchar(32) NOT NULL, account text NOT NULL,
    amount_fen bigint NOT NULL
);
CREATE TABLE IF NOT EXISTS yardstick_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, payload json NOT NULL
);
GRANT INSERT, SELECT ON yardstick_notices, yardstick_payments, yardstick_entries, yardstick_outbox TO dukou_app;
"""
NOTICE = text(
    "INSERT INTO yardstick_notices VALUES (:transaction_id, :body) ON CONFLICT DO NOTHING RETURNING transaction_id"
)
PAYMENT = text("INSERT INTO yardstick_payments VALUES (:transaction_id, :out_trade_no, :amount_fen)")
ENTRY = "INSERT INTO yardstick_entries (transaction_id, account, amount_fen) VALUES (:transaction_id, '{}', {})"
DEBIT, CREDIT = text(ENTRY.format("clearing", ":amount_fen")), text(ENTRY.format("received", "-:amount_fen"))
EVENT = text("INSERT INTO yardstick_outbox (name, payload) VALUES ('payment.succeeded', CAST(:payload AS json))")


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
        store(engine, raw, json.loads(plain))
        return Response(status=204)

    return app


def store(engine: Engine, raw: bytes, paid: dict[str, Any]) -> None:
    """Once by the transaction's number, all of it or nothing."""
    values = {
        "transaction_id": paid["transaction_id"],
        "out_trade_no": paid["out_trade_no"],
        "amount_fen": paid["amount"]["total"],
    }
    with engine.begin() as connection:
        first = connection.execute(NOTICE, {**values, "body": raw.decode()}).first()
        if first is None:
            return
        for statement in (PAYMENT, DEBIT, CREDIT):
            connection.execute(statement, values)
        connection.execute(EVENT, {"payload": json.dumps(values)})


app = create() if "KEYS_FILE" in os.environ else None
