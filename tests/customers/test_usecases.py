"""Sessions, WeChat identities, identity, enterprises, second factors."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from app.adapters.tax import EnterpriseRecord
from app.adapters.wechat_login import WechatIdentity as SeenIdentity
from app.customers import queries, usecases
from app.customers.domain.consents import ConsentMissing
from app.customers.domain.people import (
    EnterpriseNotActive,
    EnterpriseUnknown,
    IdentityFixed,
    IdentityMismatch,
    IdentityNeeded,
    IdentityNotFound,
    IdentityTaken,
    LegalRepMismatch,
    TooManyChecks,
    id_no_sha256,
)
from app.customers.domain.sessions import (
    CustomerClosed,
    OneTimeCodeRefused,
    PhoneNeeded,
    SessionInvalid,
    SnapshotUser,
    StateRefused,
    StepUpNeeded,
    Visit,
    WechatBoundElsewhere,
)
from app.customers.models import CustomerSession, WechatIdentity
from app.kernel import clock, ids
from tests.factories import customers as make

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def seen(app: str = "mini", openid: str = "", unionid: str | None = None, snapshot: bool = False) -> SeenIdentity:
    return SeenIdentity(
        app=app,  # type: ignore[arg-type]
        appid=f"wx{app}0000000000",
        openid=openid or f"o{ids.new_id().hex[:27]}",
        unionid=unionid,
        session_key="c2Vzc2lvbi1rZXktMTZi" if app == "mini" else None,
        snapshot=snapshot,
    )


def sign_in_by_code(session, phone: str, waiting=None):
    code = usecases.open_sign_in_code(session, phone=phone, visit=Visit("192.0.2.9", None, "test"))
    return usecases.sign_in_by_phone(session, code_id=code.code_id, code=code.code, waiting=waiting, device="test")


class TestSessions:
    def test_a_token_is_found_by_its_hash_only(self, session) -> None:
        signed_in = make.sign_in(session, make.make_customer(session))
        stored = session.execute(text("SELECT * FROM customer_sessions")).all()
        assert all(signed_in.token not in str(row) for row in stored)
        assert usecases.authenticate(session, token=signed_in.token).customer_id == signed_in.customer_id

    @pytest.mark.parametrize("token", ["", "cs_", "cs_unknown", "x" * 5000])
    def test_unknown_tokens_are_refused(self, session, token) -> None:
        with pytest.raises(SessionInvalid):
            usecases.authenticate(session, token=token)

    def test_a_session_slides_and_has_a_last_moment(self, session) -> None:
        with clock.at(NOON) as move:
            signed_in = make.sign_in(session, make.make_customer(session))
            for _ in range(25):
                move(timedelta(minutes=28))
                usecases.authenticate(session, token=signed_in.token)
            move(timedelta(minutes=21))  # twelve hours after signing in, whatever was done in between
            with pytest.raises(SessionInvalid):
                usecases.authenticate(session, token=signed_in.token)

    def test_an_idle_session_ends(self, session) -> None:
        with clock.at(NOON) as move:
            signed_in = make.sign_in(session, make.make_customer(session))
            move(timedelta(minutes=30))
            with pytest.raises(SessionInvalid):
                usecases.authenticate(session, token=signed_in.token)

    def test_reading_does_not_write_each_time(self, session) -> None:
        with clock.at(NOON) as move:
            signed_in = make.sign_in(session, make.make_customer(session))
            row = session.get_one(CustomerSession, signed_in.session_id)
            move(timedelta(seconds=59))
            usecases.authenticate(session, token=signed_in.token)
            assert row.seen_at == NOON
            move(timedelta(seconds=1))
            usecases.authenticate(session, token=signed_in.token)
            assert row.seen_at == NOON + timedelta(minutes=1)

    def test_a_revoked_session_and_a_closed_customer_are_out(self, session) -> None:
        customer = make.make_customer(session)
        first, second = make.sign_in(session, customer), make.sign_in(session, customer)
        whose = {"customer_id": customer.id, "asking_id": second.session_id}
        usecases.revoke_session(session, session_id=first.session_id, **whose)
        with pytest.raises(SessionInvalid):
            usecases.authenticate(session, token=first.token)
        customer.status = "closed"
        with pytest.raises(CustomerClosed):
            usecases.authenticate(session, token=second.token)

    def test_others_sessions_cannot_be_revoked(self, session) -> None:
        mine, other = (make.sign_in(session, make.make_customer(session)) for _ in range(2))
        with pytest.raises(Exception, match="no such session"):
            usecases.revoke_session(
                session, customer_id=mine.customer_id, session_id=other.session_id, asking_id=mine.session_id
            )
        assert usecases.authenticate(session, token=other.token)


class TestWechat:
    def test_a_new_wechat_account_waits_for_its_phone(self, session) -> None:
        result = usecases.sign_in_by_wechat(session, identity=seen(), device="test")
        assert result.phone_needed
        with pytest.raises(PhoneNeeded):
            usecases.authenticate(session, token=result.session.token)

    def test_the_phone_from_wechat_makes_a_new_person_with_a_new_session(self, session) -> None:
        identity = seen()
        first = usecases.sign_in_by_wechat(session, identity=identity, device="test")
        waiting = usecases.waiting_session(session, token=first.session.token)
        bound = usecases.sign_in_by_wechat_phone(session, phone=make.invented_phone(), waiting=waiting, device="test")
        assert bound is not None and bound.session.session_id != first.session.session_id
        with pytest.raises(SessionInvalid):  # the session that waited is over
            usecases.waiting_session(session, token=first.session.token)
        principal = usecases.authenticate(session, token=bound.session.token)
        assert principal.channel == "mini"
        assert queries.payer_openid(session, customer_id=principal.customer_id, app="mini") == (
            identity.appid,
            identity.openid,
        )
        again = usecases.sign_in_by_wechat(session, identity=identity, device="test")
        assert again.session.customer_id == principal.customer_id

    def test_an_existing_person_is_joined_only_by_a_code(self, session) -> None:
        customer = make.make_customer(session)
        first = usecases.sign_in_by_wechat(session, identity=seen(), device="test")
        waiting = usecases.waiting_session(session, token=first.session.token)
        assert usecases.sign_in_by_wechat_phone(session, phone=customer.phone, waiting=waiting, device="test") is None
        assert queries.wechat_apps(session, customer.id) == []
        joined = sign_in_by_code(session, customer.phone, waiting)
        assert joined.session.customer_id == customer.id
        assert queries.wechat_apps(session, customer.id) == ["mini"]

    def test_the_same_unionid_does_not_join_by_itself(self, session) -> None:
        customer, unionid = make.make_customer(session), f"u{ids.new_id().hex}"
        first = usecases.sign_in_by_wechat(session, identity=seen(unionid=unionid), device="test")
        sign_in_by_code(session, customer.phone, usecases.waiting_session(session, token=first.session.token))
        sister = usecases.sign_in_by_wechat(session, identity=seen("h5", unionid=unionid), device="test")
        assert sister.phone_needed

    def test_one_wechat_person_cannot_belong_to_two_customers(self, session) -> None:
        customer, unionid = make.make_customer(session), f"u{ids.new_id().hex}"
        first = usecases.sign_in_by_wechat(session, identity=seen(unionid=unionid), device="test")
        sign_in_by_code(session, customer.phone, usecases.waiting_session(session, token=first.session.token))
        sister = usecases.sign_in_by_wechat(session, identity=seen("h5", unionid=unionid), device="test")
        waiting = usecases.waiting_session(session, token=sister.session.token)
        with pytest.raises(WechatBoundElsewhere):
            sign_in_by_code(session, make.invented_phone(), waiting)

    def test_a_snapshot_user_leaves_nothing(self, session) -> None:
        identity = seen("h5", snapshot=True)
        with pytest.raises(SnapshotUser):
            usecases.sign_in_by_wechat(session, identity=identity, device="test")
        assert session.scalars(select(WechatIdentity)).first() is None

    def test_openid_and_session_key_are_sealed(self, session) -> None:
        identity = seen()
        usecases.sign_in_by_wechat(session, identity=identity, device="test")
        stored = str(session.execute(text("SELECT * FROM wechat_identities")).all())
        assert identity.openid not in stored and "c2Vzc2lvbi1rZXk" not in stored


class TestOauth:
    def arrive(self, session, browser: str | None = None, **identity):
        trip = usecases.begin_trip(session, origin="https://bank.example", return_path="/embed/apply", browser=browser)
        session.flush()
        taken = usecases.take_state(session, state=trip.state, browser=trip.browser)
        return trip, usecases.arrive(session, taken=taken, identity=seen("h5", **identity))

    def test_the_code_opens_one_session_in_the_same_browser(self, session) -> None:
        trip, code = self.arrive(session)
        assert trip.state.isalnum() and 32 <= len(trip.state) <= 128
        with pytest.raises(OneTimeCodeRefused):
            usecases.redeem(session, one_time_code=code, browser="another", device="test")
        assert usecases.redeem(session, one_time_code=code, browser=trip.browser, device="test").phone_needed
        with pytest.raises(OneTimeCodeRefused):
            usecases.redeem(session, one_time_code=code, browser=trip.browser, device="test")

    def test_a_state_is_good_once_for_ten_minutes_in_one_browser(self, session) -> None:
        with clock.at(NOON) as move:
            trips = [
                usecases.begin_trip(session, origin="https://bank.example", return_path="/", browser=None)
                for _ in range(3)
            ]
            session.flush()
            usecases.take_state(session, state=trips[0].state, browser=trips[0].browser)
            for state, browser in (
                (trips[0].state, trips[0].browser),  # used
                (trips[1].state, trips[0].browser),  # another browser's: login CSRF
                ("unknown", trips[0].browser),
            ):
                with pytest.raises(StateRefused):
                    usecases.take_state(session, state=state, browser=browser)
            move(timedelta(minutes=10))
            with pytest.raises(StateRefused):
                usecases.take_state(session, state=trips[2].state, browser=trips[2].browser)

    def test_the_one_time_code_dies_after_a_minute(self, session) -> None:
        with clock.at(NOON) as move:
            trip, code = self.arrive(session)
            move(timedelta(seconds=60))
            with pytest.raises(OneTimeCodeRefused):
                usecases.redeem(session, one_time_code=code, browser=trip.browser, device="test")

    def test_a_snapshot_user_gets_no_code(self, session) -> None:
        with pytest.raises(SnapshotUser):
            self.arrive(session, snapshot=True)


class TestIdentity:
    def ask(self, session, customer, name="测试林", id_no=""):
        return usecases.open_identity_check(
            session, check_id=ids.new_id(), customer_id=customer.id, name=name, id_no=id_no or make.invented_id_no()
        )

    def person(self, session):
        customer = make.make_customer(session, identified=False)
        make.give_consents(session, customer_id=customer.id, enterprise_id=None, kinds=["identity_check"])
        return customer

    def test_it_takes_a_consent(self, session) -> None:
        with pytest.raises(ConsentMissing) as refused:
            self.ask(session, make.make_customer(session, identified=False))
        assert refused.value.context == {"missing": ["identity_check"]}

    def test_a_match_is_kept(self, session) -> None:
        customer = self.person(session)
        person = usecases.settle_identity(session, question=self.ask(session, customer), outcome="match")
        assert (person.level, person.name) == ("identified", "测试林")
        assert person.name not in repr(person) and person.id_no not in repr(person)

    @pytest.mark.parametrize(("outcome", "error"), [("mismatch", IdentityMismatch), ("not_found", IdentityNotFound)])
    def test_anything_else_leaves_nothing(self, session, outcome, error) -> None:
        customer = self.person(session)
        with pytest.raises(error):
            usecases.settle_identity(session, question=self.ask(session, customer), outcome=outcome)
        assert (customer.level, customer.name, customer.id_no_index) == ("phone", None, None)

    def test_an_id_number_belongs_to_one_customer(self, session) -> None:
        id_no = make.invented_id_no()
        usecases.settle_identity(
            session, question=self.ask(session, self.person(session), id_no=id_no), outcome="match"
        )
        other = self.ask(session, self.person(session), id_no=id_no)
        with pytest.raises(IdentityTaken):
            usecases.settle_identity(session, question=other, outcome="match")

    def test_a_confirmed_identity_does_not_change(self, session) -> None:
        customer = self.person(session)
        first = self.ask(session, customer)
        usecases.settle_identity(session, question=first, outcome="match")
        assert self.ask(session, customer, id_no=first.id_no)
        with pytest.raises(IdentityFixed):
            self.ask(session, customer, name="测试白")

    def test_five_questions_a_day(self, session) -> None:
        customer = self.person(session)
        for _ in range(5):
            self.ask(session, customer)
        with pytest.raises(TooManyChecks):
            self.ask(session, customer)


class TestEnterprises:
    def record(self, customer, uscc, **changes) -> EnterpriseRecord:
        values = {
            "uscc": uscc,
            "name": "测试云杂货店",
            "status": "active",
            "established_on": date(2019, 1, 2),
            "industry_code": "5137",
            "region_code": "330106",
            "legal_rep_name": customer.name,
            "legal_rep_id_no_sha256": id_no_sha256(customer.id_no),
        }
        return EnterpriseRecord(**{**values, **changes})

    def bind(self, session, customer, uscc, **changes):
        asked = usecases.open_binding(session, binding_id=ids.new_id(), customer_id=customer.id, uscc=uscc)
        return usecases.settle_binding(session, question=asked, record=self.record(customer, asked.uscc, **changes))

    def test_the_legal_representative_is_bound(self, session) -> None:
        customer, uscc = make.make_customer(session), make.invented_uscc()
        enterprise, membership = self.bind(session, customer, uscc)
        assert (enterprise.uscc, membership.role, membership.status) == (uscc, "legal_rep", "active")
        assert self.bind(session, customer, uscc)[0].enterprise_id == enterprise.enterprise_id
        assert len(queries.enterprises_of(session, customer.id)) == 1

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"status": "revoked"}, EnterpriseNotActive),
            ({"status": "deregistered"}, EnterpriseNotActive),
            ({"legal_rep_name": "测试他人"}, LegalRepMismatch),
            ({"legal_rep_id_no_sha256": id_no_sha256("11010519491231002X")}, LegalRepMismatch),
        ],
    )
    def test_others_are_refused_and_nothing_is_kept(self, session, changes, error) -> None:
        customer = make.make_customer(session)
        with pytest.raises(error):
            self.bind(session, customer, make.invented_uscc(), **changes)
        assert queries.enterprises_of(session, customer.id) == []

    def test_an_unknown_code_and_an_unknown_person_are_refused(self, session) -> None:
        customer = make.make_customer(session)
        asked = usecases.open_binding(
            session, binding_id=ids.new_id(), customer_id=customer.id, uscc=make.invented_uscc()
        )
        with pytest.raises(EnterpriseUnknown):
            usecases.settle_binding(session, question=asked, record=None)
        nobody = make.make_customer(session, identified=False)
        with pytest.raises(IdentityNeeded):
            usecases.open_binding(session, binding_id=ids.new_id(), customer_id=nobody.id, uscc=asked.uscc)

    def test_a_new_legal_representative_ends_the_old_one(self, session) -> None:
        old, new, uscc = make.make_customer(session), make.make_customer(session, name="测试新"), make.invented_uscc()
        enterprise, _ = self.bind(session, old, uscc)
        self.bind(session, new, uscc)
        ask = {"enterprise_id": enterprise.enterprise_id}
        assert queries.membership(session, customer_id=old.id, **ask) is None
        assert queries.membership(session, customer_id=new.id, **ask).role == "legal_rep"
        self.bind(session, old, uscc)  # and back again
        assert queries.membership(session, customer_id=old.id, **ask).status == "active"


class TestStepUps:
    def test_it_is_good_once_for_its_step_and_thing_within_five_minutes(self, session) -> None:
        subject = ids.new_id()
        with clock.at(NOON) as move:
            signed_in = make.sign_in(session, make.make_customer(session))
            use = {"session_id": signed_in.session_id, "purpose": "sign_contract"}
            with pytest.raises(StepUpNeeded):
                usecases.use_step_up(session, subject_id=subject, **use)
            make.show_second_factor(session, signed_in, purpose="sign_contract", subject_id=subject)
            for wrong in ({"subject_id": ids.new_id()}, {"purpose": "other"}, {"session_id": ids.new_id()}):
                with pytest.raises(StepUpNeeded):
                    usecases.use_step_up(session, **{**use, "subject_id": subject, **wrong})
            evidence = usecases.use_step_up(session, subject_id=subject, **use)
            assert (evidence.method, evidence.granted_at) == ("phone_code", NOON)
            with pytest.raises(StepUpNeeded):
                usecases.use_step_up(session, subject_id=subject, **use)
            move(timedelta(minutes=2))
            make.show_second_factor(session, signed_in, purpose="sign_contract", subject_id=subject)
            move(timedelta(minutes=5))
            with pytest.raises(StepUpNeeded):
                usecases.use_step_up(session, subject_id=subject, **use)
