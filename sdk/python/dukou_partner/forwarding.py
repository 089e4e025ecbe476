"""Events fetched from the bank and posted to a local receiver, signed as the bank signs (Standard Webhooks, v1)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx

from dukou_partner.client import Client
from dukou_partner.webhooks import sign

PAUSE_S = 1.0
# An event appears ten seconds after it happened; what happened just before the command began is meant, too.
JUST_NOW = timedelta(seconds=2)


def forward_events(
    client: Client,
    url: str,
    secret: str,
    *,
    types: Sequence[str] = (),
    since: str | None = None,
    count: int | None = None,
    say: Callable[[str], None] = print,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Post every event from `since` (an instant or an event's id; default: now) on; answers how many when `count` ends
    it. A receiver that refuses or is away is told of in `say`, and the event is not sent again. Raises DukouError.
    """
    after = since or _bank_time(client)
    wanted = {"types": ",".join(types)} if types else {}
    done = 0
    say(f"listening; events go to {url}")
    with httpx.Client(timeout=15, follow_redirects=False, trust_env=False) as receiver:
        while True:
            for event in client.events_after(after, **wanted):
                after, done = event["id"], done + 1
                say(f"{event['type']} {event['id']} → {_post(receiver, url, secret, event)}")
                if count is not None and done >= count:
                    return done
            sleep(PAUSE_S)


def _post(receiver: httpx.Client, url: str, secret: str, event: Mapping[str, Any]) -> str:
    members = {name: event[name] for name in ("type", "version", "timestamp", "data") if event.get(name) is not None}
    body = json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        answer = receiver.post(url, content=body, headers=sign(body, webhook_id=event["id"], secret=secret))
    except httpx.TransportError as error:
        return error.__class__.__name__
    return str(answer.status_code)


def _bank_time(client: Client) -> str:
    """A test deployment may live in the future: its own clock says where the list of events ends."""
    told = datetime.fromisoformat(client.get("/whoami")["server_time"].replace("Z", "+00:00"))
    return (told - JUST_NOW).isoformat()
