"""Both SDKs and their examples take what the bank signs, and nothing else."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from app.kernel import crypto
from app.webhooks.domain import signing
from tests.sandbox_process import free_port
from tests.sdk.conftest import PYTHON_SDK  # first: it makes the SDK findable

from dukou_partner import WebhookRefused, verify  # isort: skip

SECRET, OLD_SECRET = signing.new_secret(), signing.new_secret()
BODY = '{"type":"order.financed","timestamp":"2026-11-02T08:30:00.000Z","data":{"object":"order","id":"1","status":"financed","previous_status":null,"sequence":1,"order_ref":"订单-1"}}'  # noqa: E501


def signed(body: str = BODY, *, late_s: int = 0, secrets: tuple[str, ...] = (SECRET,)) -> dict[str, str]:
    """The headers of a delivery as the bank makes them."""
    at = datetime.now(UTC) - timedelta(seconds=late_s)
    return signing.sign(secrets, crypto.keys().webhook_key, webhook_id="evt_1", signed_at=at, body=body)


def bank_key() -> str:
    return signing.public_key(crypto.keys().webhook_key)


CASES: dict[str, tuple[dict[str, Any], str, str | None]] = {
    "genuine": ({}, BODY, None),
    "both secrets of a rotation": ({"secrets": (OLD_SECRET, SECRET)}, BODY, None),
    "late but in time": ({"late_s": 250}, BODY, None),
    "too late": ({"late_s": 400}, BODY, "stale_timestamp"),
    "from the future": ({"late_s": -400}, BODY, "stale_timestamp"),
    "written again": ({}, BODY.replace('","', '", "'), "bad_signature"),
    "of somebody else": ({"secrets": (OLD_SECRET,)}, BODY, "bad_signature"),
    "not JSON": ({"body": "[1]"}, "[1]", "unreadable_body"),
}


@pytest.mark.parametrize("case", CASES)
def test_python_by_secret(case: str) -> None:
    how, body, reason = CASES[case]
    if reason is None:
        assert verify(body.encode(), signed(**how), secret=SECRET).data["order_ref"] == "订单-1"
        return
    with pytest.raises(WebhookRefused) as refused:
        verify(body.encode(), signed(**how), secret=SECRET)
    assert refused.value.reason == reason


def test_python_by_the_banks_key() -> None:
    assert verify(BODY.encode(), signed(secrets=()), public_key=bank_key()).id == "evt_1"
    other = signing.public_key(b"x" * 32)
    with pytest.raises(WebhookRefused):
        verify(BODY.encode(), signed(), public_key=other)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-id": "evt_1", "webhook-timestamp": "x", "webhook-signature": "v1,AAAA"},
        {"webhook-id": "evt_1", "webhook-timestamp": "²", "webhook-signature": "v1,AAAA"},
        {"webhook-id": "evt_1", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,%%% v1a,A v2 ,"},
    ],
)
def test_python_refuses_what_is_malformed(headers: dict[str, str]) -> None:
    for proof in ({"secret": SECRET}, {"public_key": bank_key()}):
        with pytest.raises(WebhookRefused):
            verify(BODY.encode(), headers, **proof)


def test_typescript_agrees_in_every_case(node: Callable[..., Any]) -> None:
    cases = [
        {"name": name, "headers": signed(**how), "body": body, "expected": reason}
        for name, (how, body, reason) in CASES.items()
    ]
    odd = {"webhook-id": "evt_1", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,%%% v1a,A v2 ,"}
    cases.append({"name": "malformed", "headers": odd, "body": BODY, "expected": "bad_signature"})
    script = """
      const judge = async ({ headers, body }, proof) => {
        try { return (await sdk.verify(new TextEncoder().encode(body), headers, proof)).id; }
        catch (error) { if (!(error instanceof sdk.WebhookRefused)) throw error; return error.reason; }
      };
      const found = {};
      for (const one of input.cases) found[one.name] = await judge(one, { secret: input.secret });
      found['by the bank'] = await judge(input.cases[0], { publicKey: input.public_key });
      found['by another bank'] = await judge(input.cases[0], { publicKey: input.other });
      return found;
    """
    found = node(script, cases=cases, secret=SECRET, public_key=bank_key(), other=signing.public_key(b"x" * 32))
    expected = {one["name"]: one["expected"] or "evt_1" for one in cases}
    assert found == expected | {"by the bank": "evt_1", "by another bank": "bad_signature"}


def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, PYTHON_SDK / "examples" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_flask_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUKOU_WEBHOOK_SECRET", SECRET)
    receiver = example("flask_receiver")
    client = receiver.app.test_client()
    path = "/dukou/webhooks"
    assert [client.post(path, data=BODY.encode(), headers=signed()).status_code for _ in range(2)] == [204, 204]
    assert receiver.taken == {"evt_1"}
    assert client.post(path, data=b"{}", headers=signed()).status_code == 401


def test_the_fastapi_example_reads_raw_bytes() -> None:
    """FastAPI is not among what is installed here: the example must at least be Python and take the raw body."""
    source = (PYTHON_SDK / "examples" / "fastapi_receiver.py").read_text()
    calls = [ast.unparse(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    assert any(call.startswith("verify(await request.body(), request.headers") for call in calls)


def test_the_node_example(typescript: Path) -> None:
    port = free_port()
    env = os.environ | {"DUKOU_WEBHOOK_SECRET": SECRET, "PORT": str(port)}
    process = subprocess.Popen(
        ["node", typescript / "examples" / "receiver.mjs"], env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout and process.stdout.readline() == f"listening on {port}\n"
        url = f"http://127.0.0.1:{port}/"
        with httpx.Client(trust_env=False) as client:
            assert client.post(url, content=BODY.encode(), headers=signed()).status_code == 204
            assert client.post(url, content=b"{}", headers=signed()).status_code == 401
        assert process.stdout.readline() == "took order.financed financed\n"
    finally:
        process.terminate()
        process.wait()
