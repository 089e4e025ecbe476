"""Repaying by direct debit: mandates, files of debits to the core bank and their results, and its dated rules."""

import hashlib
from uuid import NAMESPACE_URL, uuid5

from alembic import op
from sqlalchemy import text

revision, down_revision = "0040", "0039"
APP = "dukou_app"

WAYS = """
ALTER TABLE payment_orders DROP CONSTRAINT ck_payment_orders_pay_by, ALTER COLUMN pay_by TYPE varchar(16),
    ADD CONSTRAINT ck_payment_orders_pay_by CHECK (pay_by IN ('jsapi', 'h5', 'native', 'bank_account'));
ALTER TABLE payment_transactions ADD COLUMN channel varchar(16) NOT NULL DEFAULT 'wechat_pay'
    CONSTRAINT ck_payment_transactions_channel CHECK (channel IN ('wechat_pay', 'core_bank'));
"""
TABLES = """
CREATE TABLE debit_rules (
    id uuid CONSTRAINT pk_debit_rules PRIMARY KEY,
    name varchar(32) NOT NULL,
    value integer NOT NULL CONSTRAINT ck_debit_rules_value CHECK (value >= 0),
    effective_from date NOT NULL,
    effective_to date,
    source varchar(200) NOT NULL,
    CONSTRAINT uq_debit_rules_name_effective_from UNIQUE (name, effective_from),
    CONSTRAINT ck_debit_rules_days CHECK (effective_to IS NULL OR effective_to > effective_from)
);
CREATE TABLE debit_mandates (
    id uuid CONSTRAINT pk_debit_mandates PRIMARY KEY,
    customer_id uuid NOT NULL CONSTRAINT fk_debit_mandates_customer_id REFERENCES customers (id),
    account_no text NOT NULL,
    account_name text NOT NULL,
    bank_code varchar(16) NOT NULL,
    account_tail varchar(4) NOT NULL,
    text_version varchar(32) NOT NULL,
    text_sha256 varchar(64) NOT NULL,
    consent_id uuid CONSTRAINT fk_debit_mandates_consent_id REFERENCES consents (id),
    status varchar(16) NOT NULL CONSTRAINT ck_debit_mandates_status
        CHECK (status IN ('checking', 'checked', 'refused', 'active', 'suspended', 'revoked', 'replaced')),
    ended_by varchar(32),
    created_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    usable_from timestamptz,
    ended_at timestamptz,
    CONSTRAINT ck_debit_mandates_confirmed
        CHECK (status IN ('checking', 'checked', 'refused', 'revoked') OR (confirmed_at IS NOT NULL
            AND usable_from IS NOT NULL AND consent_id IS NOT NULL))
);
CREATE UNIQUE INDEX uq_debit_mandates_active ON debit_mandates (customer_id) WHERE status = 'active';
CREATE INDEX ix_debit_mandates_customer_id_created_at ON debit_mandates (customer_id, created_at);
CREATE TABLE debit_batches (
    id uuid CONSTRAINT pk_debit_batches PRIMARY KEY,
    batch_no varchar(32) NOT NULL CONSTRAINT uq_debit_batches_batch_no UNIQUE,
    status varchar(16) NOT NULL CONSTRAINT ck_debit_batches_status
        CHECK (status IN ('made', 'sent', 'done', 'held')),
    made_on date NOT NULL,
    line_count integer NOT NULL CONSTRAINT ck_debit_batches_line_count CHECK (line_count > 0),
    total_fen bigint NOT NULL CONSTRAINT ck_debit_batches_total CHECK (total_fen > 0),
    file text,
    results text,
    made_at timestamptz NOT NULL,
    sent_at timestamptz,
    done_at timestamptz
);
CREATE INDEX ix_debit_batches_open ON debit_batches (status) WHERE status IN ('made', 'sent');
CREATE TABLE debits (
    id uuid CONSTRAINT pk_debits PRIMARY KEY,
    debit_no varchar(32) NOT NULL CONSTRAINT uq_debits_debit_no UNIQUE,
    order_id uuid NOT NULL CONSTRAINT uq_debits_order_id UNIQUE
        CONSTRAINT fk_debits_order_id REFERENCES payment_orders (id),
    mandate_id uuid NOT NULL CONSTRAINT fk_debits_mandate_id REFERENCES debit_mandates (id),
    customer_id uuid NOT NULL,
    reference_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    batch_id uuid CONSTRAINT fk_debits_batch_id REFERENCES debit_batches (id),
    amount_fen bigint NOT NULL CONSTRAINT ck_debits_amount CHECK (amount_fen > 0),
    part_allowed boolean NOT NULL,
    automatic boolean NOT NULL,
    status varchar(16) NOT NULL CONSTRAINT ck_debits_status
        CHECK (status IN ('requested', 'filed', 'succeeded', 'failed', 'withdrawn', 'returned')),
    collected_fen bigint CONSTRAINT ck_debits_collected CHECK (collected_fen > 0),
    bank_serial varchar(32),
    fail_code varchar(64),
    requested_at timestamptz NOT NULL,
    completed_at timestamptz,
    returned_at timestamptz,
    CONSTRAINT ck_debits_filed CHECK ((status IN ('requested', 'withdrawn')) = (batch_id IS NULL))
);
CREATE INDEX ix_debits_requested ON debits (id) WHERE status = 'requested';
CREATE INDEX ix_debits_batch_id ON debits (batch_id);
CREATE INDEX ix_debits_subject_id_requested_at ON debits (subject_id, requested_at);
CREATE TABLE debit_findings (
    id uuid CONSTRAINT pk_debit_findings PRIMARY KEY,
    batch_id uuid NOT NULL CONSTRAINT fk_debit_findings_batch_id REFERENCES debit_batches (id),
    kind varchar(32) NOT NULL,
    debit_no varchar(32) NOT NULL,
    bank_serial varchar(32) NOT NULL,
    amount_fen bigint NOT NULL,
    found_at timestamptz NOT NULL,
    CONSTRAINT uq_debit_findings_line UNIQUE (batch_id, kind, debit_no, bank_serial)
);
"""
OWN = "the bank's own rule"
RULES = (
    ("change_cool_off_hours", 24, f"{OWN}: whoever got into an account must not change where money is taken from"),
    ("account_checks_a_day", 5, f"{OWN}: nobody finds out accounts by trying"),
    ("part_allowed", 1, f"{OWN}: what is due may be taken in part, the rest is tried again"),
    ("first_hour", 9, f"{OWN}: automatic debits of a due day begin at nine, so that money can be put there"),
    ("retry_hours", 8, f"{OWN}: hours until a debit without enough money on the account is tried again"),
    ("tries_a_day", 2, f"{OWN}: tries a day of one loan"),
    ("tries_an_instalment", 6, f"{OWN}: tries after a due day before only the customer can pay"),
    ("return_days", 5, f"{OWN}: days for which a result file is read again, because a debit may come back"),
)
TEXTS = {
    "zh-CN": (
        "自动还款授权书",
        "我授权本行在我的贷款到期应还时，从我指定并经核实的本人银行账户扣收当日应还的本金、利息和罚息；余额不足时可以扣收"
        "部分款项，并在公示的次数内再次扣收。我主动选择用该账户还款时，授权本行扣收我当时确认的金额。我可以随时撤销本授权，"
        "撤销前已经送出的扣款仍会完成。更换账户后，新账户过冷静期才生效。扣款结果会通知我。",
    ),
    "en": (
        "Direct debit mandate",
        "I allow the bank to take what is due on my loans (principal, interest and penalty) from the account of mine that"
        " I named and that was checked, on the day it is due; to take a part when the balance is too low, and to try again"
        " as often as is published; and, when I choose this account to repay, the amount I confirm then. I can revoke this"
        " at any time; a debit that has been sent already is still carried out. After a change the new account rests"
        " before it is used. I am told of each result.",
    ),
}
FINAL = ("debit_findings",)
KEPT = ("debit_mandates", "debit_batches", "debits")


def upgrade() -> None:
    op.execute(WAYS)
    op.execute(TABLES)
    for table in KEPT:
        op.execute(f"REVOKE DELETE, TRUNCATE ON {table} FROM {APP}")
    for table in FINAL:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP}")
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON debit_rules FROM {APP}")
    op.execute(f"GRANT UPDATE (effective_to) ON debit_rules TO {APP}")
    bind = op.get_bind()
    for name, value, source in RULES:
        bind.execute(
            text("INSERT INTO debit_rules VALUES (:id, :name, :value, DATE '2026-01-01', NULL, :source)"),
            {"id": uuid5(NAMESPACE_URL, f"dukou:debit_rule:{name}"), "name": name, "value": value, "source": source},
        )
    for locale, (title, words) in TEXTS.items():
        bind.execute(
            text(
                "INSERT INTO consent_texts (id, kind, version, locale, title, text, sha256, effective_from)"
                " VALUES (:id, 'direct_debit', '2026-11', :locale, :title, :words, :sha256, DATE '2026-01-01')"
            ),
            {
                "id": uuid5(NAMESPACE_URL, f"dukou:consent_text:direct_debit:{locale}"),
                "locale": locale,
                "title": title,
                "words": words,
                "sha256": hashlib.sha256(words.encode()).hexdigest(),
            },
        )
