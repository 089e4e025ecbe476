"""From a desktop to the mini-program: one phone, one use, five minutes, the right number; and who tries otherwise."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.credit import queries as credit
from app.kernel import ids
from app.kernel.audit import AuditEntry
from tests.embed.test_applications import frame_token
from tests.factories.credit import AMOUNT_FEN, PRODUCT, make_applicant
from tests.factories.customers import SignedInCustomer
from tests.factories.orders import make_merchant
from tests.factories.partners import Signer, make_partner

MINE = "/customer/v1/handoffs"
LOOK = "/customer/v1/scanned-codes"


class Desk:
    """A desktop that shows a code and follows."""

    def __init__(self, client: FlaskClient, partner: Signer, order_ref: str = "PO-1") -> None:
        self.client = client
        components = {"apply": {}, "handoff": {}}
        token = frame_token(client, partner, order_ref, components=components)
        self.bearer = {"Authorization": f"DPoP {token}"}
        self.show()

    def show(self) -> None:
        headers = {**self.bearer, "Idempotency-Key": ids.new_id().hex}
        self.made = self.client.post("/embed/v1/handoffs", headers=headers).json
        self.scene: str = self.made["url"].partition("#h=")[2]
        self.number: str = self.made["match_number"]

    def sees(self) -> str:
        answer = self.client.get(f"/embed/v1/handoffs/{self.made['id']}", headers=self.bearer)
        status: str = answer.json["status"]
        return status


def look(client: FlaskClient, scene: str) -> Any:
    return client.post(LOOK, json={"scene": scene})


def take_over(client: FlaskClient, who: SignedInCustomer, scene: str, number: str) -> Any:
    return client.post(MINE, json={"scene": scene, "match_number": number}, headers=who.writing())


def apply(client: FlaskClient, who: SignedInCustomer, handoff_id: str) -> Any:
    body = {"enterprise_id": str(who.enterprise_id), "product_code": PRODUCT, "term_months": 12}
    body["method"] = "equal_instalment"
    return client.post(f"{MINE}/{handoff_id}/application", json=body, headers=who.writing())


@pytest.fixture
def partner(session: Session) -> Signer:
    made = make_partner(session)
    make_merchant(session, made.partner_id)
    session.commit()
    return made


@pytest.fixture
def desk(client: FlaskClient, partner: Signer) -> Desk:
    return Desk(client, partner)


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


REFUSED = (401, "embed.handoff_refused")


def test_from_the_scan_to_the_application(client: FlaskClient, desk: Desk, session: Session) -> None:
    who = make_applicant(session)
    assert len(desk.scene) <= 32  # what a mini-program code holds
    assert desk.made["mini_program_code"].startswith("data:image/png;base64,")
    assert desk.sees() == "waiting"
    seen = look(client, desk.scene)
    assert (seen.status_code, seen.json["partner"]["name"], seen.json["order"]["amount_fen"]) == (
        200,
        "测试云仓",
        AMOUNT_FEN,
    )
    assert desk.number in seen.json["match_choices"]
    assert len(seen.json["match_choices"]) == 3
    assert look(client, desk.scene).json["match_choices"] == seen.json["match_choices"]
    assert desk.sees() == "scanned"
    mine = take_over(client, who, desk.scene, desk.number)
    assert (mine.status_code, mine.json["status"]) == (201, "confirmed")
    assert desk.sees() == "confirmed"
    assert [one["id"] for one in client.get(MINE, headers=who.headers).json["items"]] == [mine.json["id"]]
    applied = apply(client, who, mine.json["id"])
    assert applied.status_code == 201, applied.json
    assert credit.application(session, applied.json["id"]).order_id is not None
    again = client.get(f"{MINE}/{mine.json['id']}", headers=who.headers).json
    assert again["order"]["application_id"] == applied.json["id"]
    assert client.get(MINE, headers=who.headers).json["items"] == []


def test_a_repeat_of_the_same_intention_gets_the_same_answer(client: FlaskClient, desk: Desk, session: Session) -> None:
    headers = make_applicant(session).writing()
    body = {"scene": desk.scene, "match_number": desk.number}
    answers = [client.post(MINE, json=body, headers=headers) for _ in range(2)]
    assert (answers[0].status_code, answers[0].data) == (201, answers[1].data)


def test_a_code_is_used_once(client: FlaskClient, desk: Desk, session: Session) -> None:
    first, second = make_applicant(session), make_applicant(session)
    taken = take_over(client, first, desk.scene, desk.number).json
    assert refused(take_over(client, first, desk.scene, desk.number)) == REFUSED
    assert refused(take_over(client, second, desk.scene, desk.number)) == REFUSED
    assert refused(look(client, desk.scene)) == REFUSED
    browser = client.post("/embed/v1/page-sessions", json={"code": desk.scene})
    assert refused(browser) == (401, "embed.page_code_refused")
    for answer in (client.get(f"{MINE}/{taken['id']}", headers=second.headers), apply(client, second, taken["id"])):
        assert refused(answer) == (404, "embed.handoff_not_found")


def test_what_a_browser_took_over_the_mini_program_cannot(client: FlaskClient, desk: Desk, session: Session) -> None:
    assert client.post("/embed/v1/page-sessions", json={"code": desk.scene}).status_code == 201
    assert refused(take_over(client, make_applicant(session), desk.scene, desk.number)) == REFUSED
    assert desk.sees() == "scanned"


def test_a_wrong_number_ends_the_code(client: FlaskClient, desk: Desk, session: Session) -> None:
    """A code that somebody sent on: who cannot see the desktop has one guess."""
    who = make_applicant(session)
    wrong = next(one for one in look(client, desk.scene).json["match_choices"] if one != desk.number)
    assert refused(take_over(client, who, desk.scene, wrong)) == (422, "embed.match_number_wrong")
    assert desk.sees() == "stopped"
    assert refused(take_over(client, who, desk.scene, desk.number)) == REFUSED
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "embed.handoff_stopped")).all()
    assert [entry.facts for entry in entries] == [{"code": "embed.match_number_wrong"}]
    desk.show()
    assert take_over(client, who, desk.scene, desk.number).status_code == 201


def test_who_does_not_see_the_number_stops_it(client: FlaskClient, desk: Desk, session: Session) -> None:
    assert client.post(f"{LOOK}/stop", json={"scene": desk.scene}).json == {"stopped": True}
    assert desk.sees() == "stopped"
    assert refused(look(client, desk.scene)) == REFUSED
    assert refused(take_over(client, make_applicant(session), desk.scene, desk.number)) == REFUSED


def test_a_code_ends_after_five_minutes(client: FlaskClient, desk: Desk, session: Session, clock_at: Any) -> None:
    who = make_applicant(session)
    clock_at(datetime.now(UTC) + timedelta(minutes=5, seconds=1))
    assert refused(look(client, desk.scene)) == REFUSED
    assert refused(take_over(client, who, desk.scene, desk.number)) == REFUSED
    assert desk.sees() == "expired"


def test_an_order_is_not_kept_longer_than_its_session(
    client: FlaskClient, desk: Desk, session: Session, clock_at: Any
) -> None:
    who = make_applicant(session)
    began = datetime.now(UTC)
    mine = take_over(client, who, desk.scene, desk.number).json
    for minutes in range(20, 121, 20):  # the person stays, the session of the shop does not
        clock_at(began + timedelta(minutes=minutes))
        assert client.get(MINE, headers=who.headers).status_code == 200
    assert client.get(f"{MINE}/{mine['id']}", headers=who.headers).json["status"] == "expired"
    assert refused(apply(client, who, mine["id"])) == REFUSED
    assert client.get(MINE, headers=who.headers).json["items"] == []


def test_a_new_code_puts_out_who_took_the_old_one_over(client: FlaskClient, desk: Desk, session: Session) -> None:
    """Somebody photographed the screen and was faster: its owner asks for another code."""
    thief, owner = make_applicant(session), make_applicant(session)
    stolen = take_over(client, thief, desk.scene, desk.number).json
    desk.show()
    assert refused(apply(client, thief, stolen["id"])) == REFUSED
    mine = take_over(client, owner, desk.scene, desk.number).json
    assert apply(client, owner, mine["id"]).status_code == 201


def test_a_code_of_a_page_is_no_scene(client: FlaskClient, partner: Signer, session: Session) -> None:
    body = {"customer_ref": "b", "origins": [partner.origin], "components": {"offer": {}}, "order": None}
    made = partner.call(client, "POST", "/partner/v1/embed-sessions", body).json
    code = made["redirect_url"].partition("#c=")[2]
    assert refused(look(client, code)) == REFUSED
    assert refused(take_over(client, make_applicant(session), code, "12")) == REFUSED
    assert client.post("/embed/v1/page-sessions", json={"code": code}).status_code == 201


def test_scenes_that_are_none_are_not_looked_up(client: FlaskClient) -> None:
    for scene in ("", "epc_short", "epc_" + "x" * 40, "ect_" + "x" * 24, "epc_" + "x" * 23 + "%"):
        assert look(client, scene).status_code == 422, scene
    assert refused(look(client, "epc_" + "x" * 24)) == REFUSED


def test_of_two_phones_at_once_one_takes_over(app: Flask, committed: sessionmaker[Session]) -> None:
    with committed() as session:
        partner = make_partner(session)
        make_merchant(session, partner.partner_id)
        people = [make_applicant(session) for _ in range(4)]
        session.commit()
    desk = Desk(app.test_client(), partner)
    barrier, found = threading.Barrier(len(people)), []

    def ask(who: SignedInCustomer) -> None:
        barrier.wait()
        found.append(take_over(app.test_client(), who, desk.scene, desk.number).status_code)

    threads = [threading.Thread(target=ask, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [201, 401, 401, 401]
