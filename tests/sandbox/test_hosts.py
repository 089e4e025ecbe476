"""Pages of other sites in a developer's browser cannot steer the sandbox or read what it holds."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from sandbox.context import World


def marked(world: World) -> bool:
    return world.store.get("sms", "m1") is not None


@pytest.fixture
def held(world: World) -> World:
    world.store.put("sms", "m1", {"message_no": "m1", "phone": "13800000000", "template": "t", "params": {"code": "1"}})
    return world


@pytest.mark.parametrize("host", ["evil.example:8001", "127.0.0.1.evil.example", "localhost.evil.example", "evil", "["])
@pytest.mark.parametrize("path", ["/sandbox/api/personas", "/desk/sms", "/shop"])
def test_a_name_that_was_pointed_at_this_machine_is_refused(client: FlaskClient, host: str, path: str) -> None:
    assert client.get(path, headers={"Host": host}).status_code in (400, 421)


@pytest.mark.parametrize("host", ["127.0.0.1:8001", "localhost:8001", "[::1]:8001", "shop.localhost", "sandbox.test"])
def test_names_of_this_machine_are_served(client: FlaskClient, host: str) -> None:
    assert client.get("/sandbox/api/personas", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example", "http://["])
def test_a_form_on_another_site_pushes_nothing(client: FlaskClient, held: World, origin: str) -> None:
    answer = client.post("/sandbox/api/reset", data={}, headers={"Origin": origin})
    assert answer.status_code == 403 and marked(held)
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Access-Control-Allow-Origin" not in client.get("/sandbox/api/personas", headers={"Origin": origin}).headers


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://localhost:5173"}])
def test_this_machine_and_programs_do(client: FlaskClient, held: World, headers: dict[str, str]) -> None:
    assert client.post("/sandbox/api/reset", headers=headers).status_code == 200 and not marked(held)
