"""The book by command, as an operator calls it: a program of its own against a database with a journal in it."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from beancount import loader
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import clock, ids
from app.ledger.usecases import post
from launcher.channels import channels_of
from tests.sandbox_process import SandboxProcess
from tests.servers import TestServers
from tests.settings import bank_secrets

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(
    committed: sessionmaker[Session], servers: TestServers, sandbox: SandboxProcess, tmp_path: Path
) -> dict[str, str]:
    """What an operator has set; the database holds one journal of today."""
    with committed() as session:
        post(
            session,
            key="k",
            template="transfer_sent",
            amounts_fen={"amount": 123},
            subject_id=ids.new_id(),
            product_code="order_instalments",
            business_on=clock.today(),
        )
        session.commit()
    keys = {
        name: base64.b64encode(key).decode() for name, key in vars(bank_secrets()).items() if isinstance(key, bytes)
    }
    data_keys = {name: base64.b64encode(key).decode() for name, key in bank_secrets().data_keys.items()}
    (tmp_path / "secrets.json").write_text(json.dumps({**keys, "data_keys": data_keys, "active_data_key": "t1"}))
    (tmp_path / "channels.json").write_text(json.dumps(channels_of(sandbox.world, sandbox.base_url)))
    return {
        **os.environ,
        "DUKOU_ENV": "test",
        "DATABASE_URL": committed.kw["bind"].url.render_as_string(hide_password=False),
        "REDIS_URL": servers.valkey_url,
        "DUKOU_PUBLIC_URL": sandbox.bank_url,
        "DUKOU_EMBED_URL": sandbox.bank_url,
        "DUKOU_SECRETS_FILE": str(tmp_path / "secrets.json"),
        "DUKOU_CHANNELS_FILE": str(tmp_path / "channels.json"),
    }


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[bytes]:
    today = str(clock.today())
    command = [sys.executable, "-m", "app.cli", *arguments, "--from", today, "--to", today]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)


def test_the_book_goes_to_standard_output_and_into_files(environment: dict[str, str], tmp_path: Path) -> None:
    shown = run(environment, "ledger-export", "--format", "beancount")
    assert shown.returncode == 0, shown.stderr.decode()
    assert loader.load_string(shown.stdout.decode())[1] == [] and b"1.23 CNY" in shown.stdout
    file = tmp_path / "book.csv"
    assert run(environment, "ledger-export", "--format", "csv", "--output", str(file)).returncode == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf") and b"1.23" in file.read_bytes()
    balances = run(environment, "trial-balance", "--product", "order_instalments").stdout.decode("utf-8-sig")
    assert "transfers_in_transit,在途划款,Transfers in transit,asset,0.00,1.23,0.00,1.23" in balances
