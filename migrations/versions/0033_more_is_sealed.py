"""Names of businesses, staff's names and addresses of mail, and outcomes of decisions are sealed at rest.

Rows that exist are sealed with the bank's keys: then, and only then, DUKOU_SECRETS_FILE and the other settings of the
program must be set where the migration runs.
"""

import json
from collections.abc import Callable
from typing import Any

from alembic import op
from sqlalchemy import text

from app.kernel import crypto
from config.settings import Settings

revision, down_revision = "0033", "0016"
APP = "dukou_app"

NAMES = "ALTER TABLE enterprises ALTER COLUMN name TYPE text"
STAFF = """
ALTER TABLE staff ALTER COLUMN email TYPE text;
ALTER TABLE staff ALTER COLUMN name TYPE text;
ALTER TABLE staff DROP CONSTRAINT uq_staff_email;
ALTER TABLE staff ADD COLUMN email_index varchar(64);
"""
STAFF_AFTER = """
ALTER TABLE staff ALTER COLUMN email_index SET NOT NULL;
ALTER TABLE staff ADD CONSTRAINT uq_staff_email_index UNIQUE (email_index);
"""
DECISIONS = """
ALTER TABLE decisions ADD COLUMN verdict varchar(16);
UPDATE decisions SET verdict = outcome->>'outcome';
ALTER TABLE decisions ALTER COLUMN verdict SET NOT NULL;
ALTER TABLE decisions ADD CONSTRAINT ck_decisions_verdict CHECK (verdict IN ('approved', 'declined'));
ALTER TABLE decisions ALTER COLUMN outcome TYPE text USING outcome::text;
"""


def upgrade() -> None:
    op.execute(NAMES)
    op.execute(STAFF)
    op.execute(DECISIONS)
    _rewrite("enterprises", ("name",), lambda row: {"name": _sealed(row.name, "enterprises.name")})
    _rewrite("staff", ("email", "name"), _of_staff)
    _rewrite("decisions", ("outcome",), lambda row: {"outcome": _sealed(_plain(row.outcome), "decisions.outcome")})
    op.execute(STAFF_AFTER)


def _of_staff(row: Any) -> dict[str, str]:
    return {
        "email": _sealed(row.email, "staff.email"),
        "email_index": crypto.blind_index(row.email, "staff.email"),
        "name": _sealed(row.name, "staff.name"),
    }


def _rewrite(table: str, columns: tuple[str, ...], change: Callable[[Any], dict[str, str]]) -> None:
    rows = op.get_bind().execute(text(f"SELECT id, {', '.join(columns)} FROM {table}")).all()
    if not rows:
        return
    _install_keys()
    changes = [{"row_id": row.id, **change(row)} for row in rows]
    assignments = ", ".join(f"{name} = :{name}" for name in changes[0] if name != "row_id")
    op.get_bind().execute(text(f"UPDATE {table} SET {assignments} WHERE id = :row_id"), changes)


def _install_keys() -> None:
    try:
        crypto.keys()
    except RuntimeError:
        crypto.use(Settings.from_env().secrets)


def _sealed(value: str, purpose: str) -> str:
    return crypto.seal(value.encode(), purpose)


def _plain(outcome: str) -> str:
    """As the program writes it: the same text whatever spaces the old column kept."""
    return json.dumps(json.loads(outcome), ensure_ascii=False)
