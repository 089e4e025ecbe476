"""What is sealed at rest, in new rows and in those that were there before."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg
import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.orm import Session

import migrations
from app.credit import queries
from app.kernel import crypto, ids
from tests.factories import console, credit
from tests.servers import TestServers

BEFORE = migrations.script_directory().get_revision("0033").down_revision
ENTERPRISE = (
    "INSERT INTO enterprises (id, uscc, name, registry_status, industry_code, region_code, established_on,"
    " legal_rep_name, registry_snapshot, checked_at, created_at)"
    " VALUES (%s, '92330106MA0TEST001', %s, 'active', '5137', '330106', '2020-01-01', 'x', 'x', now(), now())"
)
STAFF = (
    "INSERT INTO staff (id, number, email, name, password_hash, totp_secret, totp_used_step, roles, status,"
    " created_at) VALUES (%s, '0001', 'shen@bank.example', '沈测', 'x', 'x', 0, '[]', 'active', now())"
)


def test_new_rows_hold_nothing_in_the_clear(session: Session) -> None:
    made = credit.approved_application(session, credit.make_applicant(session))
    console.make_staff(session)
    kept = "".join(
        session.scalar(text(f"SELECT string_agg(t::text, ' ') FROM {table} t")) or ""
        for table in ("enterprises", "staff", "decisions")
    )
    assert [word for word in ("测试林记", "沈测", "shen@bank", "monthly_capacity", "score") if word in kept] == []
    decided = queries.decision(session, made.application_id)
    assert decided is not None and decided.outcome["outcome"] == "approved"


@pytest.fixture
def before(servers: TestServers) -> Iterator[str]:
    """A database as it was before the migration; its owner's address."""
    name = f"sealing_{ids.new_id().hex[:8]}"
    _, owner = servers.empty_database(name)
    command.upgrade(migrations._config(owner), BEFORE)
    yield owner
    servers.drop_database(name)


def test_rows_that_were_there_are_sealed(before: str) -> None:
    outcome = {"outcome": "declined", "amount_fen": 0, "score": 512}
    with psycopg.connect(before) as db:
        db.execute(ENTERPRISE, [ids.new_id(), "测试陈记小卖部"])
        db.execute(STAFF, [ids.new_id()])
        keys = [f"DROP CONSTRAINT fk_decisions_{name}_id" for name in ("application", "customer")]
        db.execute(f"ALTER TABLE decisions {', '.join(keys)}".encode())  # a decision without all it hangs on
        db.execute(
            "INSERT INTO decisions (id, application_id, customer_id, rule_set_version_id, product_version_id, inputs,"
            " outcome, digest, decided_at) SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),"
            " r.id, p.id, 'x', %s, 'x', now() FROM rule_set_versions r, product_versions p",
            [json.dumps(outcome)],
        )
    migrations.migrate(before)
    with psycopg.connect(before) as db:
        (name,) = db.execute("SELECT name FROM enterprises").fetchone() or ("",)
        email, email_index, person = db.execute("SELECT email, email_index, name FROM staff").fetchone() or ("",) * 3
        verdict, sealed = db.execute("SELECT verdict, outcome FROM decisions").fetchone() or ("",) * 2
    assert crypto.unseal(name, "enterprises.name").decode() == "测试陈记小卖部"
    assert crypto.unseal(email, "staff.email").decode() == "shen@bank.example"
    assert email_index == crypto.blind_index("shen@bank.example", "staff.email")
    assert crypto.unseal(person, "staff.name").decode() == "沈测"
    assert verdict == "declined" and json.loads(crypto.unseal(sealed, "decisions.outcome")) == outcome
