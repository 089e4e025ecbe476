"""What holds for every route: problems, request ids, safe headers, strict bodies."""

import json

import pytest


def problem(response, status, code):
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    body = json.loads(response.data)
    assert {"type", "title", "status", "code", "detail", "request_id"} <= set(body)
    assert (body["status"], body["code"]) == (status, code)
    assert body["request_id"] == response.headers["X-Request-Id"]
    return body


def test_liveness_and_readiness(client):
    assert client.get("/healthz").json == {"status": "up"}
    ready = client.get("/readyz")
    checks = {check["name"]: check for check in ready.json["checks"]}
    assert set(checks) == {"database", "migrations", "worker", "roles", "redis"}
    assert all(checks[name]["ok"] for name in ("database", "migrations", "roles", "redis"))
    assert not checks["worker"]["ok"]
    assert ready.status_code == 503


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("DELETE", "/healthz", 405, "http.method_not_allowed"),
        ("GET", "/customer/v1/loans", 401, None),
        ("GET", "/partner/v1/whoami", 401, None),
        ("GET", "/customer/v1/loans/not-a-uuid", 404, "not_found"),
    ],
)
def test_every_refusal_is_a_problem(client, method, path, status, code):
    response = client.open(path, method=method)
    problem(response, status, code or json.loads(response.data)["code"])


def test_a_given_request_id_is_kept_and_a_hostile_one_is_not(client):
    assert client.get("/healthz", headers={"X-Request-Id": "abcdef-123456"}).headers["X-Request-Id"] == "abcdef-123456"
    for hostile in ("x", "a" * 65, '"><script>', "a b c d e f g h"):
        assert client.get("/healthz", headers={"X-Request-Id": hostile}).headers["X-Request-Id"] != hostile


def test_answers_are_not_cached_framed_or_sniffed(client):
    headers = client.get("/customer/v1/loans").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b'{"phone":"1","phone":"2"}', "application/json", 400, "request.json_malformed"),
        (b'{"phone":"13800138000"}', "text/plain", 415, "request.media_type"),
        (b'{"phone":"13800138000"}', "application/json; charset=utf-7", 415, "request.media_type"),
        (b"phone=13800138000", "application/x-www-form-urlencoded", 415, "request.media_type"),
        (b'{"phone":"13800138000","extra":1}', "application/json", 422, "request.invalid"),
        (b"[]", "application/json", 422, "request.invalid"),
        (b"", "application/json", 422, "request.invalid"),
        (b'{"phone":' + b"[" * 100_000, "application/json", 400, "request.json_malformed"),
    ],
    ids=range(8),
)
def test_bodies_are_read_strictly(client, body, content_type, status, code):
    response = client.post("/customer/v1/sign-in/phone-codes", data=body, content_type=content_type)
    problem(response, status, code)


def test_a_body_over_the_limit_is_refused(client):
    body = b'{"phone":"' + b"1" * (1 << 20) + b'"}'
    response = client.post("/customer/v1/sign-in/phone-codes", data=body, content_type="application/json")
    problem(response, 413, "http.request_entity_too_large")
