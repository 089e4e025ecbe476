"""Calls that prove nothing are kept as traces, but not without end."""

from sqlalchemy import text

from app.kernel import cache
from app.payments.routes import REFUSED_KEPT_A_MINUTE


def count(session):
    return session.execute(text("SELECT count(*) FROM payment_notices WHERE verdict = 'refused'")).scalar_one()


def test_strangers_cannot_fill_the_disk(client, session):
    cache.redis().delete("notices:refused")
    for _ in range(REFUSED_KEPT_A_MINUTE + 5):
        assert client.post("/callbacks/wechat/pay", data=b"{}").status_code == 401
    assert count(session) == REFUSED_KEPT_A_MINUTE
    cache.redis().delete("notices:refused")
