"""Orders that are paid outside WeChat: in a phone's browser or by a code on a screen, by whoever has the money."""

from alembic import op

revision, down_revision = "0024", "0015"

CHANGES = """
ALTER TABLE payment_orders
    ADD COLUMN pay_by varchar(8) NOT NULL DEFAULT 'jsapi'
        CONSTRAINT ck_payment_orders_pay_by CHECK (pay_by IN ('jsapi', 'h5', 'native')),
    ADD COLUMN payer_address text,
    ALTER COLUMN payer_openid DROP NOT NULL,
    ADD CONSTRAINT ck_payment_orders_payer CHECK ((pay_by = 'jsapi') = (payer_openid IS NOT NULL));
ALTER TABLE payment_orders ALTER COLUMN pay_by DROP DEFAULT;
"""


def upgrade() -> None:
    op.execute(CHANGES)
