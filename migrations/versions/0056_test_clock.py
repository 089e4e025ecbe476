"""The clock of a test deployment: one row that only grows, and the ways it went."""

from alembic import op

revision, down_revision = "0056", "0055"
APP = "dukou_app"

TABLES = """
CREATE TABLE test_clock (
    id smallint CONSTRAINT pk_test_clock PRIMARY KEY CONSTRAINT ck_test_clock_id CHECK (id = 1),
    ahead_s bigint NOT NULL CONSTRAINT ck_test_clock_ahead_s CHECK (ahead_s >= 0)
);
INSERT INTO test_clock VALUES (1, 0);
CREATE FUNCTION test_clock_only_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ahead_s < OLD.ahead_s THEN
        RAISE EXCEPTION 'the test clock never goes back';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER test_clock_only_goes_on BEFORE UPDATE ON test_clock
    FOR EACH ROW EXECUTE FUNCTION test_clock_only_goes_on();
CREATE TABLE clock_advances (
    id uuid CONSTRAINT pk_clock_advances PRIMARY KEY,
    partner_id uuid NOT NULL CONSTRAINT fk_clock_advances_partner_id REFERENCES partners (id),
    asked_by varchar(80) NOT NULL,
    from_at timestamptz NOT NULL,
    to_at timestamptz NOT NULL,
    reached_at timestamptz NOT NULL,
    stopped_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT ck_clock_advances_on CHECK (to_at > from_at AND reached_at BETWEEN from_at AND to_at)
);
CREATE UNIQUE INDEX uq_clock_advances_moving ON clock_advances ((ended_at IS NULL)) WHERE ended_at IS NULL;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(f"REVOKE INSERT, DELETE, TRUNCATE ON test_clock FROM {APP}")
    op.execute(f"REVOKE DELETE, TRUNCATE ON clock_advances FROM {APP}")
