"""What an embed session costs the database: opening, redeeming, and one request of the open frame."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from tests.cost import counting
from tests.embed.test_routes import asked, redeem
from tests.factories.orders import make_merchant
from tests.factories.partners import make_partner

SESSIONS = "/partner/v1/embed-sessions"


def test_a_session_costs_the_same_whatever_was_there_before(app: Flask, committed: sessionmaker[Session]) -> None:
    with committed() as session:
        partner = make_partner(session)
        make_merchant(session, partner.partner_id)
        session.commit()
    client, engine = app.test_client(), committed.kw["bind"]
    rounds = []
    for number in range(3):
        order = {**asked(partner)["order"], "order_ref": f"PO-{number}"}
        with counting(engine) as opening:
            made = partner.call(client, "POST", SESSIONS, asked(partner, order=order))
        assert made.status_code == 201, made.json
        with counting(engine) as redeeming:
            frame = redeem(client, made.json["client_token"], partner.origin)
        headers = {"Authorization": f"DPoP {frame.json['frame_token']}"}
        with counting(engine) as asking:
            assert client.get("/embed/v1/context", headers=headers).status_code == 200
        rounds.append([(len(cost.statements), cost.commits) for cost in (opening, redeeming, asking)])
        print(f"embed session: opened {opening}; redeemed {redeeming}; context {asking}")
    assert rounds[0] == rounds[1] == rounds[2]
    (opened, redeemed, asked_for) = rounds[0]
    assert opened[0] <= 11, "statements"
    assert (opened[1], redeemed[1]) == (2, 1), "commits: the burned nonce, then everything else"
    assert redeemed[0] <= 8, "the proof that is burned among them"
    assert asked_for[0] <= 7
