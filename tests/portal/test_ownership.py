"""Every route of the portal that names a thing, asked by a developer of another partner; made from the routes."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.partners.models import PartnerKey
from app.portal.models import PortalMember
from tests.attacks.test_ownership import path_of, routes_of
from tests.factories.portal import Developer, form_mark, make_developer
from tests.job_runner import JobRunner


def things_of(owner: Developer, session: Session, run_jobs: JobRunner) -> dict[str, object]:
    """What the owner has, by the names that routes have for it."""
    owner.post("/keys", "/keys", algorithm="hmac-sha256", scopes=["orders:read"])
    page = owner.post("/webhooks", "/webhooks", url="http://127.0.0.1:1/").text
    (endpoint_id,) = re.findall(r'/portal/webhooks/([0-9a-f-]{36})"', page)
    owner.post(f"/webhooks/{endpoint_id}/test")
    run_jobs(only="webhooks.fan_out")
    run_jobs(only="webhooks.deliver")
    (attempt_id,) = re.findall(r"/attempts/([0-9a-f-]{36})", owner.get(f"/webhooks/{endpoint_id}").text)
    (event_id,) = set(re.findall(r"evt_[0-9a-f]{32}", owner.get("/events").text))
    return {
        "key_id": session.scalars(select(PartnerKey.key_id)).one(),
        "member_id": session.scalars(select(PortalMember.id)).one(),
        "endpoint_id": endpoint_id,
        "attempt_id": attempt_id,
        "event_id": event_id,
    }


def test_a_developer_reaches_nothing_of_another_partner(app: Flask, session: Session, run_jobs: JobRunner) -> None:
    owner = make_developer(app)
    own = things_of(owner, session, run_jobs)
    stranger = make_developer(app)
    matrix = routes_of(app, "portal")
    assert len(matrix) >= 9
    mark = form_mark(stranger.get("/team"))
    for method, rule in matrix:
        path = path_of(app, rule, own)
        answer = stranger.client.open(path, method=method, data={"form_mark": mark} if method == "POST" else None)
        assert answer.status_code == 404, f"{method} {rule.rule}: {answer.status_code}"
        if method == "GET":
            assert owner.client.get(path).status_code == 200, path
    pages = [stranger.get(path).text for path in ("/", "/keys", "/origins", "/webhooks", "/events", "/team")]
    assert not [thing for thing in own.values() for page in pages if str(thing) in page]


def test_a_cursor_of_another_partner_opens_nothing(app: Flask, session: Session) -> None:
    owner, stranger = make_developer(app), make_developer(app)
    for _ in range(21):
        owner.post("/keys", "/keys", algorithm="hmac-sha256", scopes=["orders:read"])
    (cursor,) = re.findall(r"cursor=([^\"&]+)", owner.get("/keys").text)
    assert owner.get(f"/keys?cursor={cursor}").status_code == 200
    assert stranger.get(f"/keys?cursor={cursor}").status_code == 400
