"""The commands of credit, as an operator types them, on a database of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.orm import Session, sessionmaker

import migrations
from app.kernel import clock, crypto, invariants
from launcher.channels import channels_of
from launcher.keys import write_private
from tests.factories import console, credit
from tests.sandbox_process import ROOT, SandboxProcess
from tests.servers import TestServers
from tests.settings import bank_secrets

SEED = Path(migrations.__file__).parent / "seeds" / "rule_set_2026_11.json"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(
    committed: sessionmaker[Session], servers: TestServers, sandbox: SandboxProcess, tmp_path: Path
) -> Run:
    """Run a command of app.cli on the test's database with the test's keys; answers exit code and what it printed."""
    import base64

    secrets = bank_secrets()
    names = ("index_key", "token_key", "cursor_key", "webhook_key")
    plain: dict[str, Any] = {name: base64.b64encode(getattr(secrets, name)).decode() for name in names}
    plain["data_keys"] = {name: base64.b64encode(key).decode() for name, key in secrets.data_keys.items()}
    write_private(tmp_path / "secrets.json", {**plain, "active_data_key": secrets.active_data_key})
    write_private(tmp_path / "channels.json", channels_of(sandbox.world, sandbox.base_url))
    environment = os.environ | {
        "DUKOU_ENV": "test",
        "DUKOU_PUBLIC_URL": sandbox.bank_url,
        "DUKOU_EMBED_URL": sandbox.bank_url,
        "DUKOU_SECRETS_FILE": str(tmp_path / "secrets.json"),
        "DUKOU_CHANNELS_FILE": str(tmp_path / "channels.json"),
        "DATABASE_URL": committed.kw["bind"].url.render_as_string(hide_password=False),
        "REDIS_URL": servers.valkey_url,
    }

    def command(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *words], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout + done.stderr

    return command


def test_two_people_bring_rules_into_force(run: Run, committed: sessionmaker[Session], tmp_path: Path) -> None:
    with committed() as session:
        for email in ("shen@bank.example", "lin@bank.example"):
            console.make_staff(session, email=email)
        credit.approved_application(session, credit.make_applicant(session))
    body = json.loads(SEED.read_text())
    (tmp_path / "rules.json").write_text(json.dumps({**body, "scorecard": {**body["scorecard"], "cut_off": 640}}))
    asked = ("--kind", "rules", "--product", credit.PRODUCT, "--version", "R-cli", "--source", "test")
    day = ("--from", clock.today().isoformat())
    propose = ("products", "propose", str(tmp_path / "rules.json"), *asked, *day)
    code, said = run(*propose, "--by", "nobody@bank.example")
    assert (code, "not_found" in said) == (2, True)
    code, said = run(*propose, "--by", "shen@bank.example")
    assert code == 0, said
    proposal = json.loads(said)["proposal"]
    code, said = run("products", "what-if", proposal)
    assert (code, json.loads(said)["decisions"]) == (0, 1)
    code, said = run("products", "approve", proposal, "--by", "shen@bank.example")
    assert (code, "proposal.own" in said) == (2, True)
    code, said = run("products", "approve", proposal, "--by", "lin@bank.example", "--note", "agreed")
    assert code == 0, said
    assert [one["status"] for one in json.loads(run("products", "list")[1])] == ["approved"]
    code, said = run("decisions")
    assert (code, said) == (0, "1 decisions and 0 estimates worked out again, 0 come out otherwise\n")


def test_a_changed_record_is_found(
    run: Run, committed: sessionmaker[Session], new_database: Callable[[], tuple[str, str]], servers: TestServers
) -> None:
    with committed() as session:
        made = credit.approved_application(session, credit.make_applicant(session))
    database = committed.kw["bind"].url.database
    from launcher.databases import OWNER, url

    with psycopg.connect(url(servers.cluster, OWNER, database)) as db:
        (sealed,) = db.execute("SELECT outcome FROM decisions").fetchone() or ("",)
        outcome = json.loads(crypto.unseal(sealed, "decisions.outcome"))
        altered = crypto.seal(json.dumps({**outcome, "score": 999}).encode(), "decisions.outcome")
        db.execute("UPDATE decisions SET outcome = %s", [altered])
    code, said = run("decisions")
    assert code == 1 and "1 come out otherwise" in said
    import app.credit.housekeeping  # noqa: F401  registers the check

    with committed() as session:
        broken = [one.invariant.code for one in invariants.verify(session) if not one.holds]
    assert broken == ["I12"], made


def test_the_linter_names_the_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "product.json").write_text(json.dumps({"name": {"zh": "秒批贷", "en": "Loan"}}))
    code, said = run("products", "lint", str(tmp_path / "product.json"))
    assert (code, said) == (1, "name.zh: 秒批: promises an approval or a speed that is not certain\n")
