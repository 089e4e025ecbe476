"""Our own pages: who may frame them, codes for one use, the way to a phone and back to the partner."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.partners import usecases as partners
from tests.embed.test_routes import opened, partner, redeem  # noqa: F401  the fixture comes with it
from tests.factories.partners import Signer

PAGE = "/embed/v1/page"
FRAME = "/embed/v1/frame"


@pytest.fixture(autouse=True)
def built(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build with nothing in it: the pages only name its files."""
    from app.embed import assets

    page = '{"script": "/s.js", "styles": []}'
    (tmp_path / "manifest.json").write_text(f'{{"loader": "x.js", "widgets": {page}, "account": {page}}}')
    monkeypatch.setitem(vars(assets), "DIST", tmp_path)  # where the build is


def arrive(client: FlaskClient, url: str) -> Any:
    return client.post("/embed/v1/page-sessions", json={"code": url.rpartition("=")[2]})


def test_only_the_partners_own_pages_may_frame_it(client: FlaskClient, partner: Signer, session: Session) -> None:  # noqa: F811
    key = partners.add_publishable_key(session, partner_id=partner.partner_id, environment="test")
    session.commit()
    policy = client.get(FRAME, query_string={"partner": key}).headers["Content-Security-Policy"]
    assert f"frame-ancestors {partner.origin}" in policy
    for path, query in ((FRAME, {"partner": "pk_test_unknown"}), (FRAME, {}), (PAGE, {})):
        policy = client.get(path, query_string=query).headers["Content-Security-Policy"]
        assert policy.endswith("frame-ancestors 'none'")
    assert "unsafe" not in policy


def test_nobody_frames_the_page_of_the_account(client: FlaskClient) -> None:
    told = client.get("/embed/v1/account")
    assert told.status_code == 200 and 'data-page="account"' in told.text
    assert "frame-ancestors 'none'" in told.headers["Content-Security-Policy"]


def test_the_redirect_opens_the_session_once_in_place_of_the_token(client: FlaskClient, partner: Signer) -> None:  # noqa: F811
    back = f"{partner.origin}/orders/1"
    made = opened(client, partner, return_url=back)
    assert made["client_token"] not in made["redirect_url"]
    first = arrive(client, made["redirect_url"])
    assert (first.status_code, first.json["return_to"], first.json["match_number"]) == (201, back, None)
    again = arrive(client, made["redirect_url"])
    assert (again.status_code, again.json["code"]) == (401, "embed.page_code_refused")
    late = redeem(client, made["client_token"], partner.origin)
    assert late.json["code"] == "embed.token_used"


@pytest.mark.parametrize("path", ["https://evil.example/", "{}.evil.example/", "{}\\@evil.example", "//evil", "{}/ x"])
def test_the_way_back_stays_with_the_partner(client: FlaskClient, partner: Signer, path: str) -> None:  # noqa: F811
    from tests.embed.test_routes import SESSIONS, asked

    body = asked(partner, return_url=path.format(partner.origin))
    refused = partner.call(client, "POST", SESSIONS, body)
    assert (refused.status_code, refused.json["code"]) == (422, "embed.return_not_allowed")


def test_a_form_with_a_token_goes_on_with_a_code(client: FlaskClient, partner: Signer) -> None:  # noqa: F811
    made = opened(client, partner)
    form = {"client_token": made["client_token"]}
    foreign = client.post(PAGE, data=form, headers={"Origin": "https://evil.example"})
    assert foreign.headers["Location"].endswith("#e=embed.origin_not_allowed")
    moved = client.post(PAGE, data=form, headers={"Origin": partner.origin})
    assert moved.status_code == 303
    assert made["client_token"] not in moved.headers["Location"]
    assert arrive(client, moved.headers["Location"]).status_code == 201
    spent = client.post(PAGE, data=form, headers={"Origin": partner.origin})
    assert spent.headers["Location"].endswith("#e=embed.token_unknown")


def test_a_code_ends_with_its_time(client: FlaskClient, partner: Signer, clock_at: Any) -> None:  # noqa: F811
    made = opened(client, partner)
    clock_at(datetime.now(UTC) + timedelta(minutes=10, seconds=1))
    assert arrive(client, made["redirect_url"]).json["code"] == "embed.page_code_refused"


def test_a_phone_takes_over_and_the_desktop_follows(client: FlaskClient, partner: Signer) -> None:  # noqa: F811
    made = opened(client, partner, components={"apply": {}, "handoff": {}})
    desktop = {"Authorization": f"DPoP {redeem(client, made['client_token'], partner.origin).json['frame_token']}"}
    first = client.post("/embed/v1/handoffs", headers={**desktop, "Idempotency-Key": "handoff-1"}).json
    second = client.post("/embed/v1/handoffs", headers={**desktop, "Idempotency-Key": "handoff-2"}).json
    assert arrive(client, first["url"]).json["code"] == "embed.page_code_refused"  # the newer one has taken its place
    follow = f"/embed/v1/handoffs/{second['id']}"
    assert client.get(follow, headers=desktop).json["status"] == "waiting"
    phone = arrive(client, second["url"])
    assert (phone.status_code, phone.json["match_number"]) == (201, second["match_number"])
    assert client.get(follow, headers=desktop).json["status"] == "scanned"
    assert arrive(client, second["url"]).status_code == 401
    other = opened(client, partner, order=None, components={"offer": {}})
    stranger = redeem(client, other["client_token"], partner.origin).json["frame_token"]
    assert client.get(follow, headers={"Authorization": f"DPoP {stranger}"}).status_code == 404


def test_files_come_compressed_with_an_etag(client: FlaskClient, tmp_path: Any) -> None:
    (tmp_path / "x.js").write_text("plain")
    (tmp_path / "x.js.br").write_bytes(b"packed")
    packed = client.get("/embed/v1/embed.js", headers={"Accept-Encoding": "br, gzip"})
    assert (packed.data, packed.headers["Content-Encoding"]) == (b"packed", "br")
    assert packed.headers["Access-Control-Allow-Origin"] == "*"
    same = client.get("/embed/v1/embed.js", headers={"Accept-Encoding": "br", "If-None-Match": packed.headers["ETag"]})
    assert same.status_code == 304
    assert client.get("/embed/v1/embed.js").data == b"plain"
    for name in ("/embed/v1/assets/..%2Fmanifest.json", "/embed/v1/assets/none.js", "/embed/v1/none.js"):
        assert client.get(name).status_code == 404
