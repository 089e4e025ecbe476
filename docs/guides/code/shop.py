"""A shop: a page with the bank's widgets, sessions for them, and a receiver of webhooks."""

import os
from pathlib import Path

from dukou_partner import WebhookRefused, client_from_env, verify
from flask import Flask, request

ORIGIN = "http://localhost:5000"
app = Flask(__name__)
bank = client_from_env(os.environ)


@app.get("/")
def page():
    return Path("index.html").read_text().replace("PUBLISHABLE_KEY", os.environ["DUKOU_PUBLISHABLE_KEY"])


@app.post("/loan-session")
def loan_session():
    asked = {"customer_ref": "buyer-1", "origins": [ORIGIN], "components": {"offer": {}}}
    return {"client_token": bank.post("/embed-sessions", asked)["client_token"]}


@app.post("/webhooks")
def webhook():
    try:
        delivery = verify(request.get_data(), request.headers, secret=os.environ["DUKOU_WEBHOOK_SECRET"])
    except WebhookRefused as refused:
        print("refused:", refused.reason, flush=True)
        return "", 401
    print("verified:", delivery.type, flush=True)
    return "", 204


app.run(port=5000)
