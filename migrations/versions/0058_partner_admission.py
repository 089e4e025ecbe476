"""What a partner's agreement says, changes of it that two people make, and exposure by merchant and by day."""

from alembic import op

revision, down_revision = "0058", "0056"
APP = "dukou_app"

# a key never opens more than its partner's agreement names; partners of before keep what their keys say
PARTNERS = """
ALTER TABLE partners
    ADD COLUMN agreement_no varchar(64),
    ADD COLUMN signed_on date,
    ADD COLUMN scopes json NOT NULL DEFAULT '["embed_sessions:write", "events:read", "keys:write", "loans:read", "orders:read", "orders:write", "webhooks:write"]';
CREATE TABLE partner_changes (
    id uuid CONSTRAINT pk_partner_changes PRIMARY KEY,
    partner_id uuid CONSTRAINT fk_partner_changes_partner_id REFERENCES partners (id),
    kind varchar(16) NOT NULL
        CONSTRAINT ck_partner_changes_kind CHECK (kind IN ('admit', 'terms', 'resume')),
    before json NOT NULL,
    after json NOT NULL,
    widens boolean NOT NULL,
    reason varchar(200) NOT NULL,
    status varchar(16) NOT NULL
        CONSTRAINT ck_partner_changes_status CHECK (status IN ('proposed', 'approved', 'rejected')),
    proposed_by varchar(64) NOT NULL,
    proposed_at timestamptz NOT NULL,
    decided_by varchar(64),
    decided_at timestamptz,
    note varchar(200),
    CONSTRAINT ck_partner_changes_four_eyes CHECK (NOT widens OR decided_by IS NULL OR decided_by <> proposed_by),
    CONSTRAINT ck_partner_changes_decided CHECK ((status = 'proposed') = (decided_by IS NULL)),
    CONSTRAINT ck_partner_changes_partner CHECK (kind = 'admit' OR partner_id IS NOT NULL)
);
CREATE UNIQUE INDEX uq_partner_changes_open ON partner_changes (partner_id) WHERE status = 'proposed';
CREATE INDEX ix_partner_changes_partner_id_id ON partner_changes (partner_id, id);
"""

# A limit of a day may be changed again on that day: the newest row counts, none is lost.
EXPOSURE = """
ALTER TABLE exposure_limits DROP CONSTRAINT uq_exposure_limits_kind_key_effective_from;
CREATE INDEX ix_exposure_limits_kind_key ON exposure_limits (kind, key, effective_from);
ALTER TABLE applications ADD COLUMN merchant_id uuid;
ALTER TABLE credit_line_moves ADD COLUMN merchant_id uuid;
CREATE INDEX ix_credit_line_moves_partner_id_moved_at ON credit_line_moves (partner_id, moved_at)
    WHERE partner_id IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(PARTNERS)
    op.execute(f"REVOKE DELETE, TRUNCATE ON partner_changes FROM {APP}")
    op.execute(EXPOSURE)
