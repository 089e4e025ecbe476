"""Credit lines are frozen for a reason, reviewed once a year and end; how long traces are kept, and what must be kept."""

from uuid import NAMESPACE_URL, uuid5

from alembic import op
from sqlalchemy import text

revision, down_revision = "0032", "0027"
APP = "dukou_app"

LINES = """
ALTER TABLE credit_lines ADD COLUMN review_on date;
UPDATE credit_lines SET review_on = valid_until;
ALTER TABLE credit_lines ALTER COLUMN review_on SET NOT NULL;
ALTER TABLE credit_lines ADD COLUMN frozen_reason varchar(24);
ALTER TABLE credit_lines ADD COLUMN frozen_by varchar(64);
ALTER TABLE credit_lines ADD CONSTRAINT ck_credit_lines_frozen
    CHECK ((status = 'frozen') = (frozen_reason IS NOT NULL));
CREATE INDEX ix_credit_lines_valid_until ON credit_lines (valid_until) WHERE status = 'active';
"""
RETENTION = """
CREATE TABLE retention_periods (
    id uuid CONSTRAINT pk_retention_periods PRIMARY KEY,
    name varchar(48) NOT NULL,
    kept_hours integer NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    source text NOT NULL,
    CONSTRAINT uq_retention_periods_name_effective_from UNIQUE (name, effective_from),
    CONSTRAINT ck_retention_periods_days CHECK (effective_to IS NULL OR effective_to > effective_from),
    CONSTRAINT ck_retention_periods_kept CHECK (kept_hours > 0)
);
CREATE TABLE legal_holds (
    id uuid CONSTRAINT pk_legal_holds PRIMARY KEY,
    customer_id uuid NOT NULL,
    reason varchar(200) NOT NULL,
    placed_by varchar(64) NOT NULL,
    placed_at timestamptz NOT NULL,
    released_by varchar(64),
    released_at timestamptz
);
CREATE INDEX ix_legal_holds_customer_id ON legal_holds (customer_id) WHERE released_at IS NULL;
"""
OURS = "this bank's choice under PIPL art. 19 (no longer than needed); to be confirmed by the bank"
LOGS = "Network logs are kept at least six months: 网络安全法 art. 21, from memory, unverified"
PERIODS = (
    ("customer_sessions", 90 * 24, f"How long the list of devices and a dispute about a sign-in look back: {OURS}"),
    ("unfinished_sign_ins", 48, f"The longest limit on signing in counts one day: {OURS}"),
    ("oauth_states", 48, f"A trip to WeChat's page takes minutes: {OURS}"),
    ("phone_codes", 48, f"The longest limit on codes counts one day: {OURS}"),
    ("page_codes", 7 * 24, f"One-time codes into pages, kept a week to explain a refusal: {OURS}"),
    ("staff_sign_in_tries", 180 * 24, LOGS),
    ("staff_sessions", 180 * 24, LOGS),
    ("idempotency_keys", 30 * 24, "The API documents promise thirty days"),
    ("finished_jobs", 7 * 24, f"Long enough to see what happened last week: {OURS}"),
)


def upgrade() -> None:
    op.execute(LINES)
    op.execute(RETENTION)
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON retention_periods FROM {APP}")
    op.execute(f"GRANT UPDATE (effective_to) ON retention_periods TO {APP}")
    op.execute(f"REVOKE DELETE, TRUNCATE ON legal_holds FROM {APP}")
    for name, kept_hours, source in PERIODS:
        op.get_bind().execute(
            text(
                "INSERT INTO retention_periods (id, name, kept_hours, effective_from, source)"
                " VALUES (:id, :name, :kept_hours, DATE '2026-01-01', :source)"
            ),
            {"id": uuid5(NAMESPACE_URL, f"dukou:kept:{name}"), "name": name, "kept_hours": kept_hours, "source": source},
        )
