"""Loans whose rate follows the LPR: their columns, the text of their contract, and the five-year LPR as a dated row."""

import hashlib
import json
import tomllib
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from alembic import op
from sqlalchemy import text

revision, down_revision = "0036", "0061"
TEXT = Path(__file__).parents[1] / "texts" / "loan_contract_floating_1.toml"

LOANS = """
ALTER TABLE loans
    ADD COLUMN repricing json,
    ADD COLUMN reprices_on date,
    ADD CONSTRAINT ck_loans_floating CHECK ((reprices_on IS NULL) = (repricing IS NULL));
CREATE INDEX ix_loans_reprices_on ON loans (reprices_on, id) WHERE reprices_on IS NOT NULL;
ALTER TABLE loan_changes DROP CONSTRAINT uq_loan_changes_loan_id_effective_on;
CREATE UNIQUE INDEX uq_loan_changes_agreed ON loan_changes (loan_id, effective_on) WHERE kind <> 'repricing';
CREATE UNIQUE INDEX uq_loan_changes_repriced ON loan_changes (loan_id, effective_on) WHERE kind = 'repricing';
"""
INSERT_TEXT = """
INSERT INTO document_texts (id, kind, version, locale, body, sha256, effective_from, source)
VALUES (:id, :kind, :version, :locale, CAST(:body AS json), :sha256, :effective_from, :source)
"""
INSERT_LPR = """
INSERT INTO regulated_parameters (id, name, value, effective_from, source) VALUES (:id, 'lpr_5y', 0.0350,
    DATE '2026-01-01', 'LPR over five years; a developer''s table of September 2026, unverified')
"""


def upgrade() -> None:
    op.execute(LOANS)
    op.get_bind().execute(text(INSERT_LPR), {"id": uuid5(NAMESPACE_URL, "dukou:parameter:lpr_5y")})
    content = tomllib.loads(TEXT.read_text(encoding="utf-8"))
    body = {"title": content["title"], "intro": content["intro"], "clauses": content["clause"]}
    plain = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    key = f"dukou:document:{content['kind']}:{content['version']}:{content['locale']}"
    op.get_bind().execute(
        text(INSERT_TEXT),
        {
            **{name: content[name] for name in ("kind", "version", "locale", "effective_from", "source")},
            "id": uuid5(NAMESPACE_URL, key),
            "body": plain,
            "sha256": hashlib.sha256(plain.encode()).hexdigest(),
        },
    )
