"""A consent of its own to tell a partner how its loan is repaid: the text, and the partner that a consent names."""

import hashlib
import tomllib
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from alembic import op
from sqlalchemy import text

revision, down_revision = "0020", "0028"
TEXTS = Path(__file__).parents[1] / "texts" / "consents_partner_sharing_1.toml"

# One live consent a partner; where a kind names no partner, one live consent as before.
CONSENTS = """
ALTER TABLE consents ADD COLUMN partner_id uuid CONSTRAINT fk_consents_partner_id REFERENCES partners (id);
DROP INDEX uq_consents_live;
CREATE UNIQUE INDEX uq_consents_live ON consents (customer_id, enterprise_id, kind, partner_id)
    NULLS NOT DISTINCT WHERE withdrawn_at IS NULL;
ALTER TABLE consents ADD CONSTRAINT ck_consents_partner_named CHECK ((kind = 'partner_sharing') = (partner_id IS NOT NULL));
"""
INSERT = """
INSERT INTO consent_texts (id, kind, version, locale, title, text, sha256, effective_from)
VALUES (:id, :kind, :version, :locale, :title, :text, :sha256, :effective_from)
"""


def upgrade() -> None:
    op.execute(CONSENTS)
    content = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    for row in content["text"]:
        key = f"dukou:consent:{row['kind']}:{content['version']}:{row['locale']}"
        body = row["text"].strip()
        values = {
            "id": uuid5(NAMESPACE_URL, key),
            "kind": row["kind"],
            "version": content["version"],
            "locale": row["locale"],
            "title": row["title"],
            "text": body,
            "sha256": hashlib.sha256(body.encode()).hexdigest(),
            "effective_from": content["effective_from"],
        }
        op.get_bind().execute(text(INSERT), values)
