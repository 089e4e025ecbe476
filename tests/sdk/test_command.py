"""The `dukou` command against the running bank: who one is, what goes wrong, and another key instead of the old one."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.sdk.conftest import Bank  # first: it makes the SDK findable

from dukou_partner import Client, DukouError, Ed25519Signer  # isort: skip
from dukou_partner.command import main  # isort: skip


@pytest.fixture(autouse=True)
def environment(bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path / "key.pem"
    key.write_text(bank.private_pem)
    monkeypatch.delenv("DUKOU_SECRET", raising=False)
    for name, value in {"URL": bank.url, "KEY_ID": bank.partner.key_id, "PRIVATE_KEY_FILE": str(key)}.items():
        monkeypatch.setenv(f"DUKOU_{name}", value)


def test_it_tells_whom_the_bank_takes_one_for(bank: Bank, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["whoami"]) == 0
    assert json.loads(capsys.readouterr().out)["key_id"] == bank.partner.key_id


def test_what_is_missing_or_refused_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trigger", "order.invented"]) == 1
    assert "webhook.event_type_unknown" in capsys.readouterr().err
    monkeypatch.delenv("DUKOU_PRIVATE_KEY_FILE")
    assert main(["whoami"]) == 2
    assert capsys.readouterr().err == "Set DUKOU_SECRET or DUKOU_PRIVATE_KEY_FILE.\n"


def test_the_log_of_requests_is_followed(bank: Bank, capsys: pytest.CaptureFixture[str]) -> None:
    with Client(bank.url, Ed25519Signer(bank.partner.key_id, bank.private_pem)) as client:
        with pytest.raises(DukouError) as refused:
            client.get("/orders/nobody-knows-it")
        began = "2026-01-01T00:00:00Z"
    assert main(["logs", "tail", "--status", "4xx", "--since", began, "--count", "1"]) == 0
    line = capsys.readouterr().out
    assert f"GET /partner/v1/orders/{{order_ref}} 404 {refused.value.code}" in line
    assert str(refused.value.request_id) in line and "nobody-knows-it" not in line


def test_a_key_is_rotated_and_the_old_one_ends_after_the_new_one_has_answered(
    bank: Bank, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "next.pem"
    assert main(["keys", "rotate", "--into", str(tmp_path / "key.pem")]) == 1  # a key is never written over
    assert "exists" in capsys.readouterr().err
    assert main(["keys", "rotate", "--into", str(into), "--revoke-old"]) == 0
    said = capsys.readouterr().out
    new_id = said.splitlines()[0].removeprefix("DUKOU_KEY_ID=")
    assert stat.S_IMODE(into.stat().st_mode) == 0o600
    assert into.read_text() not in said
    with Client(bank.url, Ed25519Signer(new_id, into.read_bytes())) as fresh:
        assert fresh.get("/whoami")["key_id"] == new_id
    with (
        Client(bank.url, Ed25519Signer(bank.partner.key_id, bank.private_pem)) as old,
        pytest.raises(DukouError) as refused,
    ):
        old.get("/whoami")
    assert refused.value.status == 401
