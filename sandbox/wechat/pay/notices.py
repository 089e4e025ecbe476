"""Notices of WeChat Pay: sealed once, signed at every attempt, sent on the true retry schedule until HTTP says 200."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

import httpx

from sandbox.context import World
from sandbox.timers import timer_job
from sandbox.wechat.pay import keys, sealing, settings, twists

KIND = "pay.notice"
SCHEDULE_SECONDS = (
    15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600,
)  # fmt: skip
TIMEOUT_SECONDS = 5.0
ACCEPTED = (200, 204)

Notice = dict[str, Any]

_http = httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False)


def announce(
    world: World,
    *,
    url: str,
    event_type: str,
    original_type: str,
    summary: str,
    resource: dict[str, Any],
    mode: str = "",
    key: str = "",
    first: str = "",
) -> Notice:
    """Seal a notice and send it, hold it or lose it, as the settings say, or `mode` for this one.

    `key`: the kind of the platform's key that signs it. `first`: "probe" gives its first attempt a wrong signature.
    """
    notice_id = secrets.token_hex(16)
    mode = mode or settings.read(world)["notices"]
    notice = {
        "id": notice_id,
        "url": url,
        "event_type": event_type,
        "resource": resource,
        "state": {"normal": "pending", "held": "held", "lost": "lost"}[mode],
        "created_at": world.now().isoformat(),
        "failures": 0,
        "attempts": [],
        "next_at": None,
        "key": key,
        "first": first,
        "envelope": _envelope(world, notice_id, event_type, original_type, summary, resource),
    }
    world.store.put(KIND, notice_id, notice)
    if mode == "normal":
        _plan(world, notice_id, 0)
    return notice


def of_order(world: World, out_trade_no: str) -> list[Notice]:
    """The notices about an order's payment, newest first."""
    return [one for one in world.store.all(KIND)[::-1] if one["resource"].get("out_trade_no") == out_trade_no]


def resend(
    world: World, notice_id: str, *, copies: int = 1, new_id: bool = False, twist: dict[str, Any] | None = None
) -> Notice:
    """Send a notice `copies` times at once, besides its schedule; with `new_id` each copy has an id of its own.

    A held or lost notice counts as delivered once a copy is accepted. With `twist` (see sandbox.wechat.pay.twists) the
    copies are ones that the merchant must not believe. KeyError if there is no such notice; TwistRefused.
    """
    twists.check(twist or {})
    notice = world.store.get(KIND, notice_id)
    if notice is None:
        raise KeyError(notice_id)
    for _ in range(copies):
        world.timers.after(world, 0, "pay.notice.copy", {"id": notice_id, "new_id": new_id, "twist": twist})
    return notice


def change_settings(world: World, changes: dict[str, Any]) -> dict[str, Any]:
    """Change settings of WeChat Pay; waiting notices follow a new clock at once, held ones go out on "normal"."""
    before = settings.read(world)
    after = settings.change(world, changes)
    if after["time_scale"] != before["time_scale"]:
        _rescale(world, before["time_scale"] / after["time_scale"])
    if after["notices"] == "normal" and before["notices"] == "held":
        for notice in world.store.find(KIND, state="held"):
            world.store.update(KIND, notice["id"], lambda kept: kept | {"state": "pending"})
            _plan(world, notice["id"], 0)
    return after


@timer_job("pay.notice")
def _deliver(world: World, argument: dict[str, Any]) -> None:
    """One attempt of the schedule; a failure plans the next one."""
    notice = world.store.get(KIND, argument["id"])
    if notice is None or notice["state"] != "pending":
        return
    attempt = _post(world, notice, notice["envelope"])
    recorded = world.store.update(KIND, notice["id"], lambda kept: _after(kept, attempt))
    if recorded["state"] == "pending":
        scale = settings.read(world)["time_scale"]
        _plan(world, notice["id"], SCHEDULE_SECONDS[recorded["failures"] - 1] / scale)


@timer_job("pay.notice.copy")
def _deliver_copy(world: World, argument: dict[str, Any]) -> None:
    """One extra sending; it never leads to a retry."""
    notice = world.store.get(KIND, argument["id"])
    if notice is None:
        return
    envelope = notice["envelope"]
    if argument["new_id"]:
        envelope = _dump(json.loads(envelope) | {"id": secrets.token_hex(16)})
    twist = argument["twist"]
    attempt = _post(world, notice, envelope, twist) | {"copy": True, "twist": twist}

    def record(kept: Notice) -> Notice:
        ended = {"state": "delivered", "next_at": None} if attempt["accepted"] and not twist else {}
        return kept | {"attempts": [*kept["attempts"], attempt]} | ended

    world.store.update(KIND, notice["id"], record)


def _after(notice: Notice, attempt: dict[str, Any]) -> Notice:
    attempts = [*notice["attempts"], attempt]
    if attempt["accepted"] or notice["state"] == "delivered":
        return notice | {"attempts": attempts, "state": "delivered", "next_at": None}
    failures = notice["failures"] + 1
    state = "pending" if failures <= len(SCHEDULE_SECONDS) else "gave_up"
    return notice | {"attempts": attempts, "failures": failures, "state": state, "next_at": None}


def _post(world: World, notice: Notice, envelope: str, twist: dict[str, Any] | None = None) -> dict[str, Any]:
    """POST the envelope, signed now; what happened, without the body that came back."""
    body = envelope.encode()
    probe = not twist and (_is_probe(notice) or settings.take_one(world, "probe_notices"))
    headers = {"Content-Type": "application/json", "Accept": "*/*", "User-Agent": "Mozilla/4.0"}
    if twist:
        body, signature = twists.twisted(world, envelope, twist)
        headers |= signature
    else:
        key = keys.notice_key(world, notice.get("key", ""))
        headers |= keys.signature_headers(world, key, body, probe=probe)
    started = time.monotonic()
    status, problem = None, ""
    try:
        status = _http.post(notice["url"], content=body, headers=headers).status_code
    except httpx.HTTPError as error:
        problem = type(error).__name__
    return {
        "at": world.now().isoformat(),
        "status": status,
        "problem": problem,
        "probe": probe,
        "accepted": status in ACCEPTED,
        "milliseconds": round((time.monotonic() - started) * 1000),
    }


def _is_probe(notice: Notice) -> bool:
    return notice.get("first") == "probe" and not notice["attempts"]


def _plan(world: World, notice_id: str, seconds: float) -> None:
    next_at = world.seconds() + seconds
    world.store.update(KIND, notice_id, lambda kept: kept | {"next_at": next_at})
    world.timers.at(world, next_at, "pay.notice", {"id": notice_id}, timer_id=f"notice:{notice_id}")


def _rescale(world: World, factor: float) -> None:
    """Shorten or stretch what is left to wait."""
    for notice in world.store.find(KIND, state="pending"):
        if notice["next_at"] is not None:
            _plan(world, notice["id"], max(0.0, notice["next_at"] - world.seconds()) * factor)


def _envelope(
    world: World, notice_id: str, event_type: str, original_type: str, summary: str, resource: dict[str, Any]
) -> str:
    sealed = sealing.encrypt(world.keys["wechat_pay"]["api_v3_key"], _dump(resource).encode(), original_type)
    return _dump(
        {
            "id": notice_id,
            "create_time": world.local().isoformat(timespec="seconds"),
            "resource_type": "encrypt-resource",
            "event_type": event_type,
            "summary": summary,
            "resource": {"original_type": original_type} | sealed,
        }
    )


def _dump(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
