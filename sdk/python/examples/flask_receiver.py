"""Receive webhooks with Flask: `DUKOU_WEBHOOK_SECRET=whsec_… flask --app flask_receiver run`."""

from __future__ import annotations

import os

from dukou_partner import WebhookRefused, verify
from flask import Flask, request

app = Flask(__name__)
taken: set[str] = set()  # yours: a table with a unique key


@app.post("/dukou/webhooks")
def receive() -> tuple[str, int]:
    """Verify the raw bytes, take each id once, answer quickly."""
    try:
        delivery = verify(request.get_data(), request.headers, secret=os.environ["DUKOU_WEBHOOK_SECRET"])
    except WebhookRefused as refused:
        app.logger.warning("webhook refused: %s", refused.reason)
        return "", 401
    if delivery.id not in taken:
        taken.add(delivery.id)
        if delivery.type == "order.financed":
            app.logger.info("ship %s", delivery.data["order_ref"])
    return "", 204
