"""The book: accounts, journals and entries; append-only, posted through one function that checks the sum."""

from alembic import op

revision, down_revision = "0004", "0003"
APP = "dukou_app"

TABLES = """
CREATE TABLE ledger_accounts (
    code varchar(32) CONSTRAINT pk_ledger_accounts PRIMARY KEY,
    name_zh varchar(64) NOT NULL,
    name_en varchar(64) NOT NULL,
    kind varchar(16) NOT NULL
);
INSERT INTO ledger_accounts VALUES
    ('loan_principal', '贷款本金', 'Loan principal', 'asset'),
    ('bank_settlement', '存放本行结算户', 'Settlement account', 'asset'),
    ('transfers_in_transit', '在途划款', 'Transfers in transit', 'asset'),
    ('wechat_pay_clearing', '微信支付待清算', 'WeChat Pay clearing', 'asset'),
    ('interest_income', '利息收入', 'Interest income', 'income'),
    ('penalty_income', '罚息收入', 'Penalty income', 'income'),
    ('fee_income', '手续费收入', 'Fee income', 'income'),
    ('customer_credit', '客户多付款', 'Customer credit', 'liability'),
    ('suspense', '待查来款', 'Suspense', 'liability');
CREATE TABLE journals (
    id uuid CONSTRAINT pk_journals PRIMARY KEY,
    key varchar(96) NOT NULL CONSTRAINT uq_journals_key UNIQUE,
    template varchar(32) NOT NULL,
    subject_id uuid NOT NULL,
    product_code varchar(32),
    partner_id uuid,
    business_on date NOT NULL,
    booked_at timestamptz NOT NULL
);
CREATE INDEX ix_journals_subject_id ON journals (subject_id);
CREATE INDEX ix_journals_business_on ON journals (business_on);
CREATE TABLE entries (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_entries PRIMARY KEY,
    journal_id uuid NOT NULL CONSTRAINT fk_entries_journal_id REFERENCES journals (id),
    account varchar(32) NOT NULL CONSTRAINT fk_entries_account REFERENCES ledger_accounts (code),
    amount_fen bigint NOT NULL,
    CONSTRAINT ck_entries_amount_not_zero CHECK (amount_fen <> 0)
);
CREATE INDEX ix_entries_journal_id ON entries (journal_id);
CREATE INDEX ix_entries_account ON entries (account);
"""

# The only way into the book. Posting a key again is answered by false and changes nothing; the same key with other
# lines is an error, because then somebody's idea of what happened is wrong.
POST = """
CREATE FUNCTION post_journal(
    p_id uuid, p_key text, p_template text, p_subject_id uuid, p_product_code text, p_partner_id uuid,
    p_business_on date, p_booked_at timestamptz, p_accounts text[], p_amounts bigint[]
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    total numeric;
    known uuid;
BEGIN
    IF cardinality(p_accounts) IS DISTINCT FROM cardinality(p_amounts) OR cardinality(p_accounts) < 2 THEN
        RAISE EXCEPTION 'a journal needs two entries or more' USING ERRCODE = 'DK001';
    END IF;
    SELECT sum(amount) INTO total FROM unnest(p_amounts) AS amount;
    IF total IS DISTINCT FROM 0 OR array_position(p_amounts, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'a journal must sum to zero, this one sums to %', total USING ERRCODE = 'DK002';
    END IF;
    INSERT INTO journals (id, key, template, subject_id, product_code, partner_id, business_on, booked_at)
        VALUES (p_id, p_key, p_template, p_subject_id, p_product_code, p_partner_id, p_business_on, p_booked_at)
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


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(f"REVOKE ALL ON ledger_accounts, journals, entries FROM {APP}")
    op.execute(f"GRANT SELECT ON ledger_accounts, journals, entries TO {APP}")  # INSERT only through the function
    op.get_bind().connection.driver_connection.execute(POST.encode())
