"""Products and rules change by two people; estimates, reviews of refusals, and exposure counted against limits."""

from uuid import NAMESPACE_URL, uuid5

from alembic import op
from sqlalchemy import text

revision, down_revision = "0034", "0025"
APP = "dukou_app"

CATALOGUE = """
CREATE TABLE catalogue_proposals (
    id uuid CONSTRAINT pk_catalogue_proposals PRIMARY KEY,
    kind varchar(8) NOT NULL,
    product_code varchar(32) NOT NULL,
    version varchar(16) NOT NULL,
    body json NOT NULL,
    effective_from date NOT NULL,
    source text NOT NULL,
    share_bps integer NOT NULL,
    status varchar(32) NOT NULL,
    proposed_by varchar(64) NOT NULL,
    proposed_at timestamptz NOT NULL,
    what_if json,
    what_if_at timestamptz,
    decided_by varchar(64),
    decided_at timestamptz,
    note text,
    CONSTRAINT ck_catalogue_proposals_kind CHECK (kind IN ('product', 'rules')),
    CONSTRAINT ck_catalogue_proposals_four_eyes CHECK (decided_by IS NULL OR decided_by <> proposed_by),
    CONSTRAINT ck_catalogue_proposals_decided CHECK ((status = 'proposed') = (decided_by IS NULL)),
    CONSTRAINT ck_catalogue_proposals_share CHECK (share_bps BETWEEN 1 AND 10000)
);
CREATE UNIQUE INDEX uq_catalogue_proposals_version ON catalogue_proposals (kind, product_code, version)
    WHERE status <> 'rejected';
ALTER TABLE product_versions ADD COLUMN proposal_id uuid
    CONSTRAINT fk_product_versions_proposal_id REFERENCES catalogue_proposals;
ALTER TABLE rule_set_versions ADD COLUMN proposal_id uuid
    CONSTRAINT fk_rule_set_versions_proposal_id REFERENCES catalogue_proposals;
ALTER TABLE rule_set_versions ADD COLUMN share_bps integer NOT NULL DEFAULT 10000;
ALTER TABLE rule_set_versions ADD CONSTRAINT ck_rule_set_versions_share CHECK (share_bps BETWEEN 1 AND 10000);
ALTER TABLE rule_set_versions DROP CONSTRAINT uq_rule_set_versions_product_code_effective_from;
CREATE UNIQUE INDEX uq_rule_set_versions_champion ON rule_set_versions (product_code, effective_from)
    WHERE share_bps = 10000;
"""
# Whatever the program does: no version comes into being without a proposal that somebody else approved as it stands.
FOUR_EYES = """
CREATE FUNCTION require_approved_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM catalogue_proposals p WHERE p.id = NEW.proposal_id AND p.status = 'approved'
        AND p.kind = TG_ARGV[0] AND p.decided_by <> p.proposed_by AND p.version = NEW.version
        AND p.effective_from = NEW.effective_from AND p.body::jsonb = NEW.body::jsonb
    ) THEN
        RAISE EXCEPTION 'a version needs a proposal that another person approved' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER four_eyes BEFORE INSERT ON product_versions
    FOR EACH ROW EXECUTE FUNCTION require_approved_proposal('product');
CREATE TRIGGER four_eyes BEFORE INSERT ON rule_set_versions
    FOR EACH ROW EXECUTE FUNCTION require_approved_proposal('rules');
"""
REVIEWS = """
CREATE TABLE decision_reviews (
    id uuid CONSTRAINT pk_decision_reviews PRIMARY KEY,
    application_id uuid NOT NULL CONSTRAINT uq_decision_reviews_application_id UNIQUE
        CONSTRAINT fk_decision_reviews_application_id REFERENCES applications,
    customer_id uuid NOT NULL CONSTRAINT fk_decision_reviews_customer_id REFERENCES customers,
    kind varchar(16) NOT NULL,
    status varchar(32) NOT NULL,
    words text,
    answer text,
    asked_at timestamptz NOT NULL,
    due_on date NOT NULL,
    claimed_by varchar(64),
    decided_by varchar(64),
    decided_at timestamptz
);
CREATE INDEX ix_decision_reviews_due_on ON decision_reviews (due_on) WHERE status IN ('open', 'claimed');
"""
ESTIMATES = """
CREATE TABLE estimates (
    id uuid CONSTRAINT pk_estimates PRIMARY KEY,
    customer_id uuid NOT NULL CONSTRAINT fk_estimates_customer_id REFERENCES customers,
    enterprise_id uuid NOT NULL CONSTRAINT fk_estimates_enterprise_id REFERENCES enterprises,
    product_code varchar(32) NOT NULL,
    product_version_id uuid CONSTRAINT fk_estimates_product_version_id REFERENCES product_versions,
    rule_set_version_id uuid CONSTRAINT fk_estimates_rule_set_version_id REFERENCES rule_set_versions,
    status varchar(32) NOT NULL,
    attempt integer NOT NULL,
    stated text NOT NULL,
    inputs text,
    outcome text,
    digest varchar(64),
    low_fen bigint NOT NULL,
    high_fen bigint NOT NULL,
    created_at timestamptz NOT NULL,
    quoted_at timestamptz,
    valid_until date,
    CONSTRAINT ck_estimates_range CHECK (low_fen BETWEEN 0 AND high_fen)
);
CREATE INDEX ix_estimates_enterprise_id_created_at ON estimates (enterprise_id, created_at);
CREATE INDEX ix_estimates_status ON estimates (status);
CREATE TABLE estimate_sources (
    id uuid CONSTRAINT pk_estimate_sources PRIMARY KEY,
    estimate_id uuid NOT NULL CONSTRAINT fk_estimate_sources_estimate_id REFERENCES estimates,
    source varchar(16) NOT NULL,
    query_no varchar(32) NOT NULL CONSTRAINT uq_estimate_sources_query_no UNIQUE,
    consent_id uuid CONSTRAINT fk_estimate_sources_consent_id REFERENCES consents,
    state varchar(16) NOT NULL,
    report text,
    asked_at timestamptz NOT NULL,
    answered_at timestamptz,
    CONSTRAINT uq_estimate_sources_estimate_id_source UNIQUE (estimate_id, source)
);
"""
EXPOSURE = """
CREATE TABLE exposure_limits (
    id uuid CONSTRAINT pk_exposure_limits PRIMARY KEY,
    kind varchar(16) NOT NULL,
    key varchar(64) NOT NULL,
    limit_fen bigint NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    source text NOT NULL,
    CONSTRAINT uq_exposure_limits_kind_key_effective_from UNIQUE (kind, key, effective_from),
    CONSTRAINT ck_exposure_limits_days CHECK (effective_to IS NULL OR effective_to > effective_from)
);
CREATE TABLE exposure_counters (
    id uuid CONSTRAINT pk_exposure_counters PRIMARY KEY,
    kind varchar(16) NOT NULL,
    key varchar(64) NOT NULL,
    held_fen bigint NOT NULL,
    CONSTRAINT uq_exposure_counters_kind_key UNIQUE (kind, key),
    CONSTRAINT ck_exposure_counters_held CHECK (held_fen >= 0)
);
ALTER TABLE credit_lines ADD COLUMN region_code varchar(6);
UPDATE credit_lines l SET region_code = e.region_code FROM enterprises e WHERE e.id = l.enterprise_id;
ALTER TABLE credit_lines ALTER COLUMN region_code SET NOT NULL;
ALTER TABLE credit_line_moves ADD COLUMN partner_id uuid;
CREATE TEMPORARY TABLE drawn ON COMMIT DROP AS SELECT credit_line_id, partner_id, sum(fen)::bigint AS fen FROM (
    SELECT credit_line_id, partner_id, outstanding_principal_fen AS fen FROM loans
    UNION ALL
    SELECT d.credit_line_id, a.partner_id, d.amount_fen FROM drawdowns d
    JOIN applications a ON a.id = d.application_id WHERE d.status = 'paying'
) out WHERE partner_id IS NOT NULL GROUP BY 1, 2 HAVING sum(fen) > 0;
INSERT INTO credit_line_moves (id, credit_line_id, kind, limit_fen, reserved_fen, used_fen, partner_id, moved_at)
    SELECT gen_random_uuid(), credit_line_id, 'partner', 0, 0, fen, partner_id, now() FROM drawn
    UNION ALL
    SELECT gen_random_uuid(), credit_line_id, 'partner', 0, 0, -fen, NULL, now() FROM drawn;
INSERT INTO exposure_counters (id, kind, key, held_fen)
    SELECT gen_random_uuid(), 'partner', partner_id::text, sum(fen) FROM drawn GROUP BY 3
    UNION ALL
    SELECT gen_random_uuid(), 'customer', enterprise_id::text, sum(reserved_fen + used_fen) FROM credit_lines GROUP BY 3
    UNION ALL
    SELECT gen_random_uuid(), 'product', product_code, sum(reserved_fen + used_fen) FROM credit_lines GROUP BY 3
    UNION ALL
    SELECT gen_random_uuid(), 'region', region_code, sum(reserved_fen + used_fen) FROM credit_lines GROUP BY 3;
"""
LIMITS = (
    ("customer", "1000000000", "Inclusive small loans: a single borrower's lines up to 10 m (NFRA), unverified"),
    (
        "partner",
        "50000000000",
        "A demonstration's figure: the bank sets it from 25 % of tier-1 net capital for one partner"
        " (2021 notice on internet loans, from press, unverified)",
    ),
)
PARAMETERS = (
    ("reapply_window_days", "30", "This bank's choice: how far back refused applications are counted"),
    ("reapply_most_declines", "3", "This bank's choice: so many refusals within the window, then wait or ask a person"),
    ("review_days", "15", "Complaints: simple ones within 15 days (Xinhua 2020-01-17, from press, unverified)"),
    ("second_look_points", "20", "This bank's choice: so close below the cut-off a person looks again"),
    ("second_look_days", "1", "This bank's choice: a person looks within a day"),
)


def upgrade() -> None:
    for part in (CATALOGUE, FOUR_EYES, REVIEWS, ESTIMATES, EXPOSURE):
        op.execute(part)
    op.execute(f"REVOKE DELETE, TRUNCATE ON catalogue_proposals, decision_reviews, exposure_counters FROM {APP}")
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON exposure_limits FROM {APP}")
    op.execute(f"GRANT UPDATE (effective_to) ON exposure_limits TO {APP}")
    for kind, limit_fen, source in LIMITS:
        _insert(
            "exposure_limits (id, kind, key, limit_fen, effective_from, source)"
            " VALUES (:id, :kind, '*', CAST(:limit_fen AS bigint), DATE '2026-01-01', :source)",
            id=_id("exposure", kind),
            kind=kind,
            limit_fen=limit_fen,
            source=source,
        )
    for name, value, source in PARAMETERS:
        _insert(
            "regulated_parameters (id, name, value, effective_from, source)"
            " VALUES (:id, :name, CAST(:value AS numeric), DATE '2026-01-01', :source)",
            id=_id("parameter", name),
            name=name,
            value=value,
            source=source,
        )


def _insert(rest: str, **values: object) -> None:
    op.get_bind().execute(text(f"INSERT INTO {rest}"), values)


def _id(*parts: str) -> object:
    return uuid5(NAMESPACE_URL, "dukou:" + ":".join(parts))
