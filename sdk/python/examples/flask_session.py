"""Open an embed session for a page with Flask: the page's script fetches `/loan-session` and hands the token on."""

from __future__ import annotations

import os
from pathlib import Path

from dukou_partner import Client, DukouError, Ed25519Signer
from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

app = Flask(__name__)
bank = Client(
    os.environ["DUKOU_URL"],
    Ed25519Signer(os.environ["DUKOU_KEY_ID"], Path(os.environ["DUKOU_PRIVATE_KEY_FILE"]).read_bytes()),
)


@app.post("/loan-session/<order_ref>")
def loan_session(order_ref: str) -> ResponseReturnValue:
    """Amount and seller come from your own order, never from the page."""
    body = {
        "customer_ref": f"buyer-of-{order_ref}",
        "origins": [request.host_url.rstrip("/")],
        "components": {"offer": {}, "apply": {"max_amount_fen": 1_299_900}},
        "order": {"order_ref": order_ref, "merchant_ref": "seller-1", "title": "冷柜", "amount_fen": 1_299_900},
        "locale": "zh-CN",
    }
    try:
        opened = bank.post("/embed-sessions", body)
    except DukouError as refused:
        app.logger.warning("%s", refused)
        return jsonify(code=refused.code), 502
    return jsonify(client_token=opened["client_token"])
