"""Products, rules and regulated numbers as dated rows; applications, sources, decisions and credit lines."""

from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from alembic import op
from sqlalchemy import text

revision, down_revision = "0008", "0007"
APP = "dukou_app"
SEEDS = Path(__file__).parents[1] / "seeds"

TABLES = """
CREATE TABLE product_versions (
    id uuid CONSTRAINT pk_product_versions PRIMARY KEY,
    code varchar(32) NOT NULL,
    version varchar(16) NOT NULL,
    body json NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    source text NOT NULL,
    CONSTRAINT uq_product_versions_code_version UNIQUE (code, version),
    CONSTRAINT uq_product_versions_code_effective_from UNIQUE (code, effective_from)
);
CREATE TABLE rule_set_versions (
    id uuid CONSTRAINT pk_rule_set_versions PRIMARY KEY,
    product_code varchar(32) NOT NULL,
    version varchar(16) NOT NULL CONSTRAINT uq_rule_set_versions_version UNIQUE,
    body json NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    source text NOT NULL,
    CONSTRAINT uq_rule_set_versions_product_code_effective_from UNIQUE (product_code, effective_from)
);
CREATE TABLE regulated_parameters (
    id uuid CONSTRAINT pk_regulated_parameters PRIMARY KEY,
    name varchar(48) NOT NULL,
    value numeric(18, 6) NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    source text NOT NULL,
    CONSTRAINT uq_regulated_parameters_name_effective_from UNIQUE (name, effective_from),
    CONSTRAINT ck_regulated_parameters_days CHECK (effective_to IS NULL OR effective_to > effective_from)
);
CREATE TABLE credit_lines (
    id uuid CONSTRAINT pk_credit_lines PRIMARY KEY,
    customer_id uuid NOT NULL CONSTRAINT fk_credit_lines_customer_id REFERENCES customers,
    enterprise_id uuid NOT NULL CONSTRAINT fk_credit_lines_enterprise_id REFERENCES enterprises,
    product_code varchar(32) NOT NULL,
    limit_fen bigint NOT NULL,
    reserved_fen bigint NOT NULL,
    used_fen bigint NOT NULL,
    status varchar(16) NOT NULL,
    valid_until date NOT NULL,
    CONSTRAINT uq_credit_lines_enterprise_id_product_code UNIQUE (enterprise_id, product_code),
    CONSTRAINT ck_credit_lines_parts CHECK (reserved_fen >= 0 AND used_fen >= 0),
    CONSTRAINT ck_credit_lines_limit CHECK (reserved_fen + used_fen <= limit_fen)
);
CREATE TABLE credit_line_moves (
    id uuid CONSTRAINT pk_credit_line_moves PRIMARY KEY,
    credit_line_id uuid NOT NULL CONSTRAINT fk_credit_line_moves_credit_line_id REFERENCES credit_lines,
    kind varchar(16) NOT NULL,
    limit_fen bigint NOT NULL,
    reserved_fen bigint NOT NULL,
    used_fen bigint NOT NULL,
    moved_at timestamptz NOT NULL
);
CREATE INDEX ix_credit_line_moves_credit_line_id ON credit_line_moves (credit_line_id);
CREATE TABLE applications (
    id uuid CONSTRAINT pk_applications PRIMARY KEY,
    number varchar(24) NOT NULL CONSTRAINT uq_applications_number UNIQUE,
    customer_id uuid NOT NULL CONSTRAINT fk_applications_customer_id REFERENCES customers,
    enterprise_id uuid NOT NULL CONSTRAINT fk_applications_enterprise_id REFERENCES enterprises,
    product_code varchar(32) NOT NULL,
    product_version_id uuid NOT NULL CONSTRAINT fk_applications_product_version_id REFERENCES product_versions,
    amount_fen bigint NOT NULL,
    term_months integer NOT NULL,
    method varchar(24) NOT NULL,
    purpose varchar(24) NOT NULL,
    partner_id uuid CONSTRAINT fk_applications_partner_id REFERENCES partners,
    order_id uuid,
    payee text,
    status varchar(32) NOT NULL,
    attempt integer NOT NULL,
    approved_fen bigint,
    credit_line_id uuid CONSTRAINT fk_applications_credit_line_id REFERENCES credit_lines,
    submitted_at timestamptz NOT NULL,
    valid_until date,
    CONSTRAINT ck_applications_amount CHECK (amount_fen > 0)
);
CREATE INDEX ix_applications_customer_id ON applications (customer_id);
CREATE INDEX ix_applications_status ON applications (status);
CREATE UNIQUE INDEX uq_applications_enterprise_id_order_id ON applications (enterprise_id, order_id)
    WHERE order_id IS NOT NULL
    AND status IN ('submitted', 'deciding', 'waiting_data', 'approved', 'signing', 'effective', 'drawn');
CREATE UNIQUE INDEX uq_applications_enterprise_id_product_code ON applications (enterprise_id, product_code)
    WHERE order_id IS NULL
    AND status IN ('submitted', 'deciding', 'waiting_data', 'approved', 'signing', 'effective');
CREATE TABLE source_snapshots (
    id uuid CONSTRAINT pk_source_snapshots PRIMARY KEY,
    application_id uuid NOT NULL CONSTRAINT fk_source_snapshots_application_id REFERENCES applications,
    customer_id uuid NOT NULL CONSTRAINT fk_source_snapshots_customer_id REFERENCES customers,
    source varchar(16) NOT NULL,
    query_no varchar(32) NOT NULL CONSTRAINT uq_source_snapshots_query_no UNIQUE,
    consent_id uuid CONSTRAINT fk_source_snapshots_consent_id REFERENCES consents,
    state varchar(16) NOT NULL,
    report text,
    asked_at timestamptz NOT NULL,
    answered_at timestamptz,
    CONSTRAINT uq_source_snapshots_application_id_source UNIQUE (application_id, source)
);
CREATE TABLE decisions (
    id uuid CONSTRAINT pk_decisions PRIMARY KEY,
    application_id uuid NOT NULL CONSTRAINT uq_decisions_application_id UNIQUE
        CONSTRAINT fk_decisions_application_id REFERENCES applications,
    customer_id uuid NOT NULL CONSTRAINT fk_decisions_customer_id REFERENCES customers,
    rule_set_version_id uuid NOT NULL CONSTRAINT fk_decisions_rule_set_version_id REFERENCES rule_set_versions,
    product_version_id uuid NOT NULL CONSTRAINT fk_decisions_product_version_id REFERENCES product_versions,
    inputs text NOT NULL,
    outcome json NOT NULL,
    digest varchar(64) NOT NULL,
    decided_at timestamptz NOT NULL
);
CREATE INDEX ix_decisions_decided_at ON decisions (decided_at);
"""
APPEND_ONLY = ("decisions", "credit_line_moves")
DATED = ("product_versions", "rule_set_versions", "regulated_parameters")  # only their end may be set later
NOT_DELETED = ("applications", "source_snapshots", "credit_lines")

# Figures of the day on which they were looked up; "unverified" where no official text was at hand.
PARAMETERS = (
    ("lpr_1y", "0.0300", "2026-01-01", "1-year LPR; a developer's table of September 2026, unverified"),
    ("all_in_cap", "0.2400", "2025-10-01", "金规〔2025〕9号 art. 6 as commentary reads it, unverified; basis: IRR × 12"),
    ("overdue_uplift_min", "0.3000", "2004-01-01", "银发〔2003〕251号, from memory, unverified"),
    ("overdue_uplift_max", "0.5000", "2004-01-01", "银发〔2003〕251号, from memory, unverified"),
    ("misuse_uplift_min", "0.5000", "2004-01-01", "银发〔2003〕251号, from memory, unverified"),
    ("misuse_uplift_max", "1.0000", "2004-01-01", "银发〔2003〕251号, from memory, unverified"),
    (
        "cost_sheet_min_reading_s",
        "10",
        "2026-08-01",
        "金规〔2026〕2号 asks for forced reading time; the seconds were not found, 10 is this bank's choice, unverified",
    ),
)
PRODUCT = ("order_instalments", "2026.1", "2026-01-01", "product_order_instalments_2026_1.json")
RULES = ("R-2026.11", "2026-01-01", "rule_set_2026_11.json")
PRODUCT_SOURCE = "Demo product of this project; amounts, price and dates are the bank's to set."
RULES_SOURCE = "Illustrative rules of this project: no bank's truth, not calibrated on data (unverified)."


def upgrade() -> None:
    op.execute(TABLES)
    for table in APPEND_ONLY:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP}")
    for table in DATED:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP}")
        op.execute(f"GRANT UPDATE (effective_to) ON {table} TO {APP}")
    for table in NOT_DELETED:
        op.execute(f"REVOKE DELETE, TRUNCATE ON {table} FROM {APP}")
    _parameters()
    _product()
    _rules()


def _parameters() -> None:
    for name, value, effective_from, source in PARAMETERS:
        _insert(
            "regulated_parameters (id, name, value, effective_from, source) "
            "VALUES (:id, :name, CAST(:value AS numeric), CAST(:effective_from AS date), :source)",
            id=_id("parameter", name, effective_from),
            name=name,
            value=value,
            effective_from=effective_from,
            source=source,
        )


def _product() -> None:
    code, version, effective_from, seed = PRODUCT
    _insert(
        "product_versions (id, code, version, body, effective_from, source) "
        "VALUES (:id, :code, :version, CAST(:body AS json), CAST(:effective_from AS date), :source)",
        id=_id("product", code, version),
        code=code,
        version=version,
        body=(SEEDS / seed).read_text(encoding="utf-8"),
        effective_from=effective_from,
        source=PRODUCT_SOURCE,
    )


def _rules() -> None:
    version, effective_from, seed = RULES
    _insert(
        "rule_set_versions (id, product_code, version, body, effective_from, source) "
        "VALUES (:id, :product_code, :version, CAST(:body AS json), CAST(:effective_from AS date), :source)",
        id=_id("rules", PRODUCT[0], version),
        product_code=PRODUCT[0],
        version=version,
        body=(SEEDS / seed).read_text(encoding="utf-8"),
        effective_from=effective_from,
        source=RULES_SOURCE,
    )


def _insert(rest: str, **values: object) -> None:
    op.get_bind().execute(text(f"INSERT INTO {rest}"), values)


def _id(*parts: str) -> object:
    return uuid5(NAMESPACE_URL, "dukou:" + ":".join(parts))
