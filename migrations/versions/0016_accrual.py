"""Interest is income as the days pass: accounts of what is earned and not yet paid, business days, accrual on the loan."""

from alembic import op

revision, down_revision = "0016", "0032"
APP = "dukou_app"

ACCOUNTS = """
INSERT INTO ledger_accounts VALUES
    ('interest_receivable', '应收利息', 'Interest receivable', 'asset'),
    ('penalty_receivable', '应收罚息', 'Penalty receivable', 'asset'),
    ('interest_paid_ahead', '预收利息', 'Interest paid ahead', 'liability'),
    ('merchant_payables', '应付商户款', 'Merchant payables', 'liability'),
    ('loan_losses', '贷款核销损失', 'Loan losses', 'expense'),
    ('off_balance_interest', '表外应收利息', 'Off-balance interest', 'memo'),
    ('off_balance_contra', '表外应收利息对方', 'Off-balance contra', 'memo');
"""

# A day without a row is open. Days are closed in their order, none is left out.
BUSINESS_DAYS = """
CREATE TABLE business_days (
    day date CONSTRAINT pk_business_days PRIMARY KEY,
    state varchar(8) NOT NULL CONSTRAINT ck_business_days_state CHECK (state IN ('open', 'closing', 'closed')),
    cut_off_at timestamptz NOT NULL,
    closing_at timestamptz,
    closed_at timestamptz,
    digest varchar(64),
    CONSTRAINT ck_business_days_closed CHECK ((state = 'closed') = (closed_at IS NOT NULL AND digest IS NOT NULL))
);
ALTER TABLE journals ADD COLUMN value_on date;
UPDATE journals SET value_on = business_on;
ALTER TABLE journals ALTER COLUMN value_on SET NOT NULL;
"""

# Whoever posts holds the day open until it commits, whoever begins to close a day waits for them: a shared lock in the
# server's memory, so that no row is written by every posting. What comes after that goes to the first open day.
POST = """
DROP FUNCTION post_journal(uuid, text, text, uuid, text, uuid, date, timestamptz, text[], bigint[]);
CREATE FUNCTION post_journal(
    p_id uuid, p_key text, p_template text, p_subject_id uuid, p_product_code text, p_partner_id uuid,
    p_value_on date, p_booked_at timestamptz, p_accounts text[], p_amounts bigint[], p_closing boolean DEFAULT false
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    total numeric;
    known uuid;
    booked_on date := p_value_on;
BEGIN
    IF cardinality(p_accounts) IS DISTINCT FROM cardinality(p_amounts) OR cardinality(p_accounts) < 2 THEN
        RAISE EXCEPTION 'a journal needs two entries or more' USING ERRCODE = 'DK001';
    END IF;
    SELECT sum(amount) INTO total FROM unnest(p_amounts) AS amount;
    IF total IS DISTINCT FROM 0 OR array_position(p_amounts, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'a journal must sum to zero, this one sums to %', total USING ERRCODE = 'DK002';
    END IF;
    IF p_closing THEN
        PERFORM FROM business_days WHERE day = p_value_on AND state = 'closing';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the day % is not being closed', p_value_on USING ERRCODE = 'DK004';
        END IF;
    ELSE
        PERFORM pg_advisory_xact_lock_shared(hashtextextended('business_day', 0));
        SELECT greatest(p_value_on, day + 1) INTO booked_on
            FROM business_days WHERE state <> 'open' ORDER BY day DESC LIMIT 1;
    END IF;
    INSERT INTO journals (id, key, template, subject_id, product_code, partner_id, business_on, value_on, booked_at)
        VALUES (p_id, p_key, p_template, p_subject_id, p_product_code, p_partner_id,
            coalesce(booked_on, p_value_on), p_value_on, p_booked_at)
        ON CONFLICT (key) DO NOTHING;
    IF FOUND THEN
        INSERT INTO entries (journal_id, account, amount_fen) SELECT p_id, * FROM unnest(p_accounts, p_amounts);
        RETURN true;
    END IF;
    SELECT id INTO known FROM journals WHERE key = p_key;
    IF (SELECT array_agg(account || ':' || amount_fen ORDER BY account, amount_fen)
        FROM entries WHERE journal_id = known)
       IS DISTINCT FROM (SELECT array_agg(a || ':' || m ORDER BY a, m) FROM unnest(p_accounts, p_amounts) AS t (a, m))
    THEN
        RAISE EXCEPTION 'journal % was posted with other entries', p_key USING ERRCODE = 'DK003';
    END IF;
    RETURN false;
END $$;
"""

# Loans from before: what was paid was income at once, so that much counts as accrued; the first end of day sets it right.
LOANS = """
ALTER TABLE loans
    ADD COLUMN day_count varchar(8) NOT NULL DEFAULT '30/360',
    ADD COLUMN penalty_rate numeric(9, 6),
    ADD COLUMN grace_days integer NOT NULL DEFAULT 0,
    ADD COLUMN compound_penalty boolean NOT NULL DEFAULT false,
    ADD COLUMN period_start_on date,
    ADD COLUMN period_end_on date,
    ADD COLUMN period_principal_fen bigint NOT NULL DEFAULT 0,
    ADD COLUMN period_interest_fen bigint NOT NULL DEFAULT 0,
    ADD COLUMN interest_before_fen bigint NOT NULL DEFAULT 0,
    ADD COLUMN accrued_through_on date,
    ADD COLUMN accrued_interest_fen bigint NOT NULL DEFAULT 0,
    ADD COLUMN paid_interest_fen bigint NOT NULL DEFAULT 0,
    ADD COLUMN accrued_penalty_fen bigint NOT NULL DEFAULT 0,
    ADD COLUMN paid_penalty_fen bigint NOT NULL DEFAULT 0,
    ADD COLUMN accruing boolean NOT NULL DEFAULT true,
    ADD COLUMN next_due_on date,
    ADD COLUMN asset_class smallint NOT NULL DEFAULT 1
        CONSTRAINT ck_loans_asset_class CHECK (asset_class BETWEEN 1 AND 5),
    ADD CONSTRAINT ck_loans_paid_not_negative CHECK (paid_interest_fen >= 0 AND paid_penalty_fen >= 0);
UPDATE loans l SET penalty_rate = round(annual_rate * 1.5, 6), accrued_through_on = start_on - 1,
    period_start_on = start_on, period_end_on = start_on, period_principal_fen = principal_fen,
    accrued_interest_fen = paid.interest_fen, paid_interest_fen = paid.interest_fen, next_due_on = paid.next_due_on
    FROM (SELECT loan_id, sum(paid_interest_fen) AS interest_fen, min(due_on) FILTER (WHERE status = 'due')
        AS next_due_on FROM loan_instalments GROUP BY loan_id) paid WHERE paid.loan_id = l.id;
ALTER TABLE loans
    ALTER COLUMN penalty_rate SET NOT NULL,
    ALTER COLUMN period_start_on SET NOT NULL,
    ALTER COLUMN period_end_on SET NOT NULL,
    ALTER COLUMN accrued_through_on SET NOT NULL;
ALTER TABLE loan_instalments
    ADD COLUMN overdue_principal_days bigint NOT NULL DEFAULT 0,
    ADD COLUMN overdue_interest_days bigint NOT NULL DEFAULT 0,
    ADD COLUMN overdue_counted_on date,
    ADD COLUMN paid_penalty_fen bigint NOT NULL DEFAULT 0,
    ADD COLUMN paid_compound_fen bigint NOT NULL DEFAULT 0;
ALTER TABLE repayments
    ADD COLUMN penalty_fen bigint;
UPDATE repayments SET penalty_fen = 0 WHERE status = 'applied';
-- the end of day walks over the loans that are not over by their key, and writes each of them once a day: free space
-- on every page keeps the new version beside the old one, so that no index is touched
CREATE INDEX ix_loans_open ON loans (id) WHERE status IN ('active', 'overdue');
ALTER TABLE loans SET (fillfactor = 45);
"""

# Each number from memory of the order it names; a person must check them against the official text.
RULES = """
CREATE TABLE servicing_rules (
    id uuid CONSTRAINT pk_servicing_rules PRIMARY KEY,
    effective_from date NOT NULL CONSTRAINT uq_servicing_rules_effective_from UNIQUE,
    source text NOT NULL,
    due_soon_days integer NOT NULL,
    principal_first_above integer NOT NULL,
    income_stops_above integer NOT NULL,
    special_mention_above integer NOT NULL,
    substandard_above integer NOT NULL,
    doubtful_above integer NOT NULL,
    loss_above integer NOT NULL,
    restructured_months integer NOT NULL
);
INSERT INTO servicing_rules VALUES ('00000000-0000-7000-8000-000000000016', '2023-07-01',
    'Classes: 商业银行金融资产风险分类办法 (2023 order no. 1): special mention when overdue, substandard above 90, doubtful above 270, loss above 360 days, restructured loans observed for a year. Income stops and principal is settled first above 90 days past due: bank practice. Reminder three days before: this bank''s choice. All from memory, unverified.',
    3, 90, 90, 0, 90, 270, 360, 12);
"""


def upgrade() -> None:
    op.execute(ACCOUNTS)
    op.execute(BUSINESS_DAYS)
    op.execute(f"REVOKE DELETE, TRUNCATE ON business_days FROM {APP}")
    op.get_bind().connection.driver_connection.execute(POST.encode())
    op.execute(LOANS)
    op.execute(RULES)
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON servicing_rules FROM {APP}")
