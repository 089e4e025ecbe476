"""The JS-SDK signature: of our own pages only, from one ticket that everybody shares."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx
import pytest
from flask.testing import FlaskClient

from app.kernel import cache
from tests.sandbox_process import SandboxProcess

PATH = "/public/v1/js-sdk-signature"


@pytest.fixture(autouse=True)
def empty_cache(client: FlaskClient) -> Any:
    cache.redis().flushdb()
    yield
    cache.redis().flushdb()


def ask(client: FlaskClient, url: str) -> Any:
    return client.get(PATH, query_string={"url": url})


def ticket_of(sandbox: SandboxProcess) -> str:
    """The ticket as the platform hands it out: the same one to everybody."""
    app = sandbox.world["wechat"]["h5"]
    body = {"grant_type": "client_credential", "appid": app["appid"], "secret": app["secret"]}
    token = httpx.post(f"{sandbox.base_url}/cgi-bin/stable_token", json=body, trust_env=False).json()["access_token"]
    query = {"access_token": token, "type": "jsapi"}
    told = httpx.get(f"{sandbox.base_url}/cgi-bin/ticket/getticket", params=query, trust_env=False)
    return str(told.json()["ticket"])


def test_a_page_of_ours_is_signed(client: FlaskClient, sandbox: SandboxProcess) -> None:
    page = f"{sandbox.bank_url}/embed/v1/page?x=1&y=%2F"
    told = ask(client, f"{page}#h=secret").json
    text = f"jsapi_ticket={ticket_of(sandbox)}&noncestr={told['nonceStr']}&timestamp={told['timestamp']}&url={page}"
    assert told["signature"] == hashlib.sha1(text.encode()).hexdigest()
    assert told["appId"] == sandbox.world["wechat"]["h5"]["appid"]


def test_every_signature_has_a_nonce_of_its_own(client: FlaskClient, sandbox: SandboxProcess) -> None:
    page = f"{sandbox.bank_url}/embed/v1/page"
    assert ask(client, page).json["nonceStr"] != ask(client, page).json["nonceStr"]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/", "{bank}.evil.example/", "http://user@{host}/", "{bank}@evil.example/",
        "{bank}\\@evil.example/", "//{host}/", "{bank}", "{bank}?x", "javascript:alert(1)",
        "file:///etc/passwd", "/embed/v1/page", "{bank}:1/", "{bank}1/", "HTTP://{host}/", "http://[", " {bank}/", "http://ⓛocalhost/",
    ],
)  # fmt: skip
def test_no_other_page_is_signed(client: FlaskClient, sandbox: SandboxProcess, url: str) -> None:
    bank = sandbox.bank_url
    told = ask(client, url.replace("{bank}", bank).replace("{host}", bank.removeprefix("http://")))
    assert (told.status_code, told.json["code"]) == (403, "js_sdk.page_not_ours")


@pytest.mark.parametrize("query", [{}, {"url": ""}, {"url": "x" * 1001}, {"url": "x", "appid": "y"}])
def test_wrong_questions(client: FlaskClient, query: dict[str, str]) -> None:
    assert client.get(PATH, query_string=query).status_code == 422
