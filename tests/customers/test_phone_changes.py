"""Changing the phone: both phones show themselves, both are told, and afterwards nothing binds for a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers import queries
from app.customers.domain.phone_changes import CoolingOff
from app.customers.models import CoolOffRule, Customer, CustomerSession, IdentityCheck, PhoneChange
from app.customers.usecases import require_cooled_off, use_step_up
from app.kernel import clock, ids
from app.kernel.audit import AuditEntry
from app.kernel.outbox import OutboxEvent
from tests.customers.test_routes import persona
from tests.factories.customers import (
    SignedInCustomer,
    give_consents,
    invented_phone,
    make_customer,
    show_second_factor,
    sign_in,
)
from tests.job_runner import JobRunner
from tests.sandbox_process import SandboxProcess

BASE = "/customer/v1/me/phone-changes"


@dataclass
class Changer:
    """A customer at the phone."""

    client: FlaskClient
    session: Session
    sandbox: SandboxProcess
    who: SignedInCustomer
    old_phone: str
    new_phone: str

    def post(self, path: str, body: Any = None, who: SignedInCustomer | None = None) -> Any:
        return self.client.post(path, json=body, headers=(who or self.who).writing())

    def begin(self, new_phone: str = "") -> str:
        told = self.post(BASE, {"new_phone": new_phone or self.new_phone})
        assert told.status_code == 201, told.json
        return str(told.json["id"])

    def show_old(self, change_id: str) -> None:
        asked = {"purpose": "change_phone", "subject_id": change_id}
        code_id = self.post("/customer/v1/step-ups/codes", asked).json["code_id"]
        shown = self.post("/customer/v1/step-ups", {"code_id": code_id, "code": self.sms(self.old_phone)})
        assert shown.status_code == 201, shown.json

    def ask_new(self, change_id: str) -> Any:
        return self.post(f"{BASE}/{change_id}/codes")

    def confirm(self, change_id: str, code_id: str, code: str, who: SignedInCustomer | None = None) -> Any:
        return self.post(f"{BASE}/{change_id}/confirmation", {"code_id": code_id, "code": code}, who)

    def change(self) -> Any:
        change_id = self.begin()
        self.show_old(change_id)
        return self.finish(change_id)

    def finish(self, change_id: str) -> Any:
        code_id = self.ask_new(change_id).json["code_id"]
        done = self.confirm(change_id, code_id, self.sms(self.new_phone))
        if done.status_code == 200:
            self.who = replace(self.who, token=done.json["token"])
        return done

    def show_identity(self, change_id: str, name: str, id_no: str) -> Any:
        return self.post(f"{BASE}/{change_id}/identity", {"name": name, "id_no": id_no})

    def messages(self, phone: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.sandbox.get("/sandbox/api/sms", phone=phone)["messages"]
        return found

    def sms(self, phone: str) -> str:
        return str(self.messages(phone)[0]["params"]["code"])

    def phone(self) -> str:
        self.session.expire_all()
        return self.session.get_one(Customer, self.who.customer_id).phone


@pytest.fixture
def changer(client: FlaskClient, session: Session, sandbox: SandboxProcess) -> Changer:
    customer = make_customer(session)
    who = sign_in(session, customer)
    session.commit()
    return Changer(client, session, sandbox, who, customer.phone, invented_phone())


def test_both_phones_show_themselves_and_both_are_told(changer: Changer, session: Session, run_jobs: JobRunner) -> None:
    other_device = sign_in(session, session.get_one(Customer, changer.who.customer_id))
    session.commit()
    done = changer.change()
    assert (done.status_code, done.json["status"], changer.phone()) == (200, "done", changer.new_phone)
    assert done.json["new_phone"] == f"{changer.new_phone[:3]}****{changer.new_phone[-4:]}"
    live = session.scalars(select(CustomerSession.id).where(CustomerSession.revoked_at.is_(None))).all()
    assert changer.who.session_id in live and other_device.session_id not in live
    run_jobs()
    assert changer.messages(changer.old_phone)[0]["template"] == "phone_changed_old"
    assert changer.messages(changer.new_phone)[0]["template"] == "message_phone_changed"
    inbox = changer.client.get("/customer/v1/messages", headers=changer.who.headers).json
    assert [one["kind"] for one in inbox["items"]] == ["phone_changed"]
    assert session.scalars(select(AuditEntry.action)).all() == ["phone.changed"]


def test_the_session_goes_on_under_a_new_token_and_the_others_are_told_why(changer: Changer, session: Session) -> None:
    other = sign_in(session, session.get_one(Customer, changer.who.customer_id))
    session.commit()
    before = changer.who
    changer.change()
    me = "/customer/v1/me"
    assert changer.who.token != before.token
    assert changer.client.get(me, headers=changer.who.headers).status_code == 200
    assert changer.client.get(me, headers=before.headers).get_json()["context"] == {"why": "unknown"}
    assert changer.client.get(me, headers=other.headers).get_json()["context"] == {"why": "phone_changed"}


@dataclass
class Loser:
    """Somebody whose old phone is lost; the register knows the new number as theirs."""

    changer: Changer
    name: str
    id_no: str


@pytest.fixture
def loser(changer: Changer, session: Session) -> Loser:
    person = persona(changer.sandbox, "good")["person"]
    changer.new_phone = f"191{person['phone'][3:]}"
    customer = session.get_one(Customer, changer.who.customer_id)
    customer.name, customer.id_no = person["name"], person["id_no"]
    give_consents(session, customer_id=customer.id, enterprise_id=None, kinds=["identity_check"])
    session.commit()
    return Loser(changer, person["name"], person["id_no"])


def test_who_has_lost_the_old_phone_shows_who_they_are(loser: Loser, session: Session) -> None:
    changer = loser.changer
    change_id = changer.begin()
    shown = changer.show_identity(change_id, loser.name, loser.id_no.lower())
    assert (shown.status_code, shown.json["status"]) == (200, "old_shown")
    assert changer.finish(change_id).status_code == 200
    assert changer.phone() == changer.new_phone
    assert session.scalars(select(PhoneChange.shown_by)).one() == "identity"


def test_an_identity_that_is_not_the_persons_own_proves_nothing(loser: Loser, session: Session) -> None:
    changer, wrong = loser.changer, persona(loser.changer.sandbox, "bureau_down")["person"]
    change_id = changer.begin()
    told = changer.show_identity(change_id, wrong["name"], wrong["id_no"])
    assert (told.status_code, told.json["code"]) == (422, "identity.mismatch")
    assert session.scalars(select(IdentityCheck.outcome)).all() == [None], "it is counted"
    assert changer.ask_new(change_id).json["code"] == "auth.step_up_needed"


def test_a_new_number_that_the_register_does_not_know_as_theirs_proves_nothing(loser: Loser) -> None:
    change_id = loser.changer.begin(invented_phone())
    told = loser.changer.show_identity(change_id, loser.name, loser.id_no)
    assert (told.status_code, told.json["code"]) == (422, "identity.mismatch")
    assert loser.changer.ask_new(change_id).json["code"] == "auth.step_up_needed"


def test_who_was_never_identified_calls_the_bank(loser: Loser, session: Session) -> None:
    session.get_one(Customer, loser.changer.who.customer_id).level = "phone"
    session.commit()
    told = loser.changer.show_identity(loser.changer.begin(), loser.name, loser.id_no)
    assert (told.status_code, told.json["code"]) == (409, "phone_change.identity_needed")


def test_five_changes_may_be_begun_a_day(changer: Changer) -> None:
    for _ in range(5):
        changer.begin(invented_phone())
    told = changer.post(BASE, {"new_phone": changer.new_phone})
    assert (told.status_code, told.json["code"]) == (429, "phone_change.too_many")
    assert told.headers["Retry-After"] == "86400"


def test_the_old_phone_is_told_once(changer: Changer, run_jobs: JobRunner) -> None:
    changer.change()
    run_jobs()
    before = len(changer.messages(changer.old_phone))
    run_jobs.again("customers.tell_old_phone")
    assert len(changer.messages(changer.old_phone)) == before


def test_without_the_old_phone_no_code_goes_to_the_new_one(changer: Changer) -> None:
    change_id = changer.begin()
    told = changer.ask_new(change_id)
    assert (told.status_code, told.json["code"]) == (403, "auth.step_up_needed")
    assert changer.messages(changer.new_phone) == []


def test_a_second_factor_for_another_change_does_not_serve(changer: Changer) -> None:
    first, second = changer.begin(), changer.begin(invented_phone())
    changer.show_old(first)
    assert changer.ask_new(second).json["code"] == "auth.step_up_needed"


def test_the_code_of_the_old_phone_is_not_that_of_the_new_one(changer: Changer) -> None:
    change_id = changer.begin()
    changer.show_old(change_id)
    code_id = changer.ask_new(change_id).json["code_id"]
    wrong = changer.confirm(change_id, code_id, "000000" if changer.sms(changer.new_phone) != "000000" else "000001")
    assert (wrong.status_code, wrong.json["code"]) == (422, "phone_code.wrong")
    assert wrong.json["context"]["tries_left"] == 4, "a wrong try is counted"
    old_code = changer.session.connection().exec_driver_sql("SELECT phone_code_id FROM step_ups").scalar_one()
    taken = changer.confirm(change_id, str(old_code), changer.sms(changer.old_phone))
    assert (taken.status_code, changer.phone()) == (422, changer.old_phone)


def test_a_code_for_one_change_does_not_finish_another(changer: Changer) -> None:
    first, second = changer.begin(), changer.begin()
    for change_id in (first, second):
        with clock.at(clock.now() + timedelta(minutes=2 if change_id == second else 0)):
            changer.show_old(change_id)
            code_id = changer.ask_new(change_id).json["code_id"]
            code = changer.sms(changer.new_phone)
    told = changer.confirm(first, code_id, code)
    assert (told.status_code, told.json["code"], changer.phone()) == (404, "phone_change.not_found", changer.old_phone)


def test_another_session_of_the_same_person_cannot_go_on(changer: Changer, session: Session) -> None:
    change_id = changer.begin()
    elsewhere = sign_in(session, session.get_one(Customer, changer.who.customer_id))
    session.commit()
    told = changer.post(f"{BASE}/{change_id}/codes", who=elsewhere)
    assert (told.status_code, told.json["code"]) == (404, "phone_change.not_found")


def test_a_phone_of_somebody_else_is_told_only_to_who_holds_it(changer: Changer, session: Session) -> None:
    taken = make_customer(session).phone
    session.commit()
    changer.new_phone = taken
    done = changer.change()
    assert (done.status_code, done.json["code"]) == (409, "phone_change.phone_taken")
    assert changer.phone() == changer.old_phone
    assert session.scalars(select(OutboxEvent.name)).all() == []


def test_a_quarter_of_an_hour_is_enough(changer: Changer) -> None:
    change_id = changer.begin()
    changer.show_old(change_id)
    with clock.at(clock.now() + timedelta(minutes=15)):
        told = changer.ask_new(change_id)
    assert (told.status_code, told.json["code"]) == (409, "phone_change.over")


@pytest.mark.parametrize("body", [{}, {"new_phone": "123"}, {"new_phone": 1}, {"new_phone": "19900000001", "x": 1}])
def test_wrong_requests(changer: Changer, body: Any) -> None:
    assert changer.post(BASE, body).status_code == 422


def test_the_same_phone_is_no_change(changer: Changer) -> None:
    told = changer.post(BASE, {"new_phone": changer.old_phone})
    assert (told.status_code, told.json["code"]) == (422, "phone_change.same_phone")


def test_for_a_day_nothing_binds(changer: Changer, session: Session) -> None:
    until = changer.change().json["cool_off_until"]
    found = queries.cool_off_until(session, changer.who.customer_id)
    assert found is not None and found.isoformat()[:19] == until[:19]
    asked = {"purpose": "sign_contract", "subject_id": str(ids.new_id())}
    for path, body in (("/customer/v1/step-ups/codes", asked), (BASE, {"new_phone": invented_phone()})):
        told = changer.post(path, body)
        assert (told.status_code, told.json["code"]) == (403, "customer.cooling_off")
        assert told.json["context"]["until"] == found.isoformat()
    with pytest.raises(CoolingOff):
        require_cooled_off(session, customer_id=changer.who.customer_id)
    with clock.at(found):
        require_cooled_off(session, customer_id=changer.who.customer_id)


def test_a_second_factor_shown_before_the_change_binds_nothing_after_it(changer: Changer, session: Session) -> None:
    subject = ids.new_id()
    show_second_factor(session, changer.who, purpose="sign_contract", subject_id=subject)
    changer.change()
    with pytest.raises(CoolingOff):
        use_step_up(session, session_id=changer.who.session_id, purpose="sign_contract", subject_id=subject)


def test_the_rest_is_a_rule_with_dates(changer: Changer, session: Session) -> None:
    rule = session.scalars(select(CoolOffRule)).one()
    rule.effective_to = clock.today() - timedelta(days=1)
    session.add(CoolOffRule(name=rule.name, hours=0, effective_from=clock.today(), effective_to=None, source="a test"))
    session.commit()
    assert changer.change().status_code == 200
    require_cooled_off(session, customer_id=changer.who.customer_id)


def test_numbers_are_sealed(changer: Changer, session: Session) -> None:
    changer.change()
    raw = str(session.connection().exec_driver_sql("SELECT * FROM phone_changes").all())
    told = str([row.payload for row in session.scalars(select(OutboxEvent))])
    for phone in (changer.old_phone, changer.new_phone):
        assert phone not in raw and phone not in told
    assert session.scalars(select(PhoneChange.status)).one() == "done"
