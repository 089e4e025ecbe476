"""Receive webhooks with FastAPI: `DUKOU_WEBHOOK_SECRET=whsec_… uvicorn fastapi_receiver:app`."""

from __future__ import annotations

import os

from dukou_partner import WebhookRefused, verify
from fastapi import FastAPI, Request, Response

app = FastAPI()
taken: set[str] = set()  # yours: a table with a unique key


@app.post("/dukou/webhooks")
async def receive(request: Request) -> Response:
    """Verify the raw bytes (a declared body model would have parsed them), take each id once."""
    try:
        delivery = verify(await request.body(), request.headers, secret=os.environ["DUKOU_WEBHOOK_SECRET"])
    except WebhookRefused:
        return Response(status_code=401)
    if delivery.id not in taken:
        taken.add(delivery.id)
    return Response(status_code=204)
