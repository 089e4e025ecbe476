"""Staff sign in: password and TOTP together, counted, limited, with a session that ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select, text

from app.console import domain, usecases
from app.console.domain import SignInLocked, SignInRefused, StaffExists, StaffMalformed, StaffSessionOver
from app.console.models import Staff
from app.kernel import clock
from app.kernel.audit import AuditEntry
from app.kernel.db import transaction
from tests.factories.console import PASSWORD, form_mark, make_staff, signed_in, submit_sign_in

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def attempt(email: str, password: str, code: str, address: str = "192.0.2.1"):
    with transaction() as session:
        candidate = usecases.begin_sign_in(session, email=email, address=address)
    step = usecases.prove(candidate, password=password, code=code)
    with transaction() as session:
        return usecases.finish_sign_in(session, candidate=candidate, step=step)


class TestRules:
    def test_a_code_is_taken_one_step_early_or_late_and_no_further(self) -> None:
        secret = pyotp.random_base32()
        codes = [pyotp.TOTP(secret).at(NOON + timedelta(seconds=30 * step)) for step in (-2, -1, 0, 1, 2)]
        found = [domain.totp_step(secret, code, NOON) is not None for code in codes]
        assert found == [False, True, True, True, False]
        assert domain.totp_step(secret, "１２３４５６", NOON) is None and domain.totp_step(secret, "", NOON) is None

    @pytest.mark.parametrize(
        ("email", "password", "roles"),
        [("no mail", PASSWORD, ["admin"]), ("a@b.example", "short", ["admin"]), ("a@b.example", PASSWORD, ["root"]),
         ("a@b.example", PASSWORD, [])],
    )  # fmt: skip
    def test_accounts_that_will_not_do(self, session, email, password, roles) -> None:
        with pytest.raises(StaffMalformed):
            usecases.create_staff(session, email=email, name="沈测", password=password, roles=roles)

    def test_one_account_an_address_and_numbers_in_order(self, session) -> None:
        make_staff(session, email="a@bank.example")
        make_staff(session, email="b@bank.example")
        with pytest.raises(StaffExists):
            make_staff(session, email="A@bank.example ")
        assert list(session.scalars(select(Staff.number).order_by(Staff.number))) == ["0001", "0002"]

    def test_password_and_secret_are_not_readable(self, session) -> None:
        member = make_staff(session)
        row = session.execute(text("SELECT * FROM staff")).one()
        assert row.password_hash.startswith("$argon2id$") and member.secret not in str(row)


class TestSignIn:
    def test_right_once(self, sessions, session) -> None:
        member = make_staff(session)
        with clock.at(NOON) as move:
            code = member.code()
            opened = attempt(member.email.upper(), PASSWORD, code)
            with transaction() as inside:
                assert usecases.authenticate(inside, token=opened.token).roles == domain.EVERYBODY
            with pytest.raises(SignInRefused):  # the same code again
                attempt(member.email, PASSWORD, code)
            move(timedelta(seconds=30))
            assert attempt(member.email, PASSWORD, member.code()).session_id != opened.session_id
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.signed_in")).all()

    def test_wrong_in_any_way_is_the_same_refusal(self, sessions, session) -> None:
        member = make_staff(session)
        refusals = []
        wrong = [
            (member.email, "wrong password here", member.code()),
            (member.email, PASSWORD, "000000"),
            ("nobody@bank.example", PASSWORD, member.code()),
        ]
        for tried in wrong:
            with pytest.raises(SignInRefused) as refused:
                attempt(*tried)
            refusals.append((refused.value.code, refused.value.detail, refused.value.context))
        assert len({str(one) for one in refusals}) == 1

    @pytest.mark.parametrize("email", ["shen@bank.example", "nobody@bank.example"])
    def test_five_wrong_tries_lock_known_and_unknown_alike(self, sessions, session, email) -> None:
        member = make_staff(session)
        with clock.at(NOON) as move:
            for number in range(5):
                with pytest.raises(SignInRefused):
                    attempt(email, "wrong password here", "000000", address=f"192.0.2.{number}")
            with pytest.raises(SignInLocked) as locked:
                attempt(email, PASSWORD, member.code())
            assert 0 < locked.value.context["retry_after_s"] <= 901
            move(timedelta(minutes=15, seconds=1))
            if email == member.email:
                assert attempt(email, PASSWORD, member.code())

    def test_a_right_one_begins_the_count_anew(self, sessions, session) -> None:
        member = make_staff(session)
        with clock.at(NOON) as move:
            for _ in range(3):
                for _ in range(4):
                    with pytest.raises(SignInRefused):
                        attempt(member.email, "wrong password here", "000000")
                    move(timedelta(seconds=1))
                move(timedelta(seconds=30))
                attempt(member.email, PASSWORD, member.code())
                move(timedelta(seconds=1))

    def test_guesses_at_once_are_counted(self, committed) -> None:
        with transaction() as session:
            secret = usecases.create_staff(
                session, email="a@bank.example", name="沈测", password=PASSWORD, roles=["admin"]
            )
        assert secret

        def guess(number: int) -> str:
            try:
                attempt("a@bank.example", "wrong password here", f"{number:06d}")
            except (SignInRefused, SignInLocked) as refused:
                return refused.code
            return "in"

        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(guess, range(12)))
        assert found.count("staff.sign_in_refused") == 5 and "in" not in found

    def test_one_code_at_once_opens_one_session(self, committed) -> None:
        with transaction() as session:
            secret = usecases.create_staff(
                session, email="a@bank.example", name="沈测", password=PASSWORD, roles=["admin"]
            )
        code = pyotp.TOTP(secret).at(clock.now())

        def enter(_: int) -> str:
            try:
                attempt("a@bank.example", PASSWORD, code)
            except (SignInRefused, SignInLocked) as refused:
                return refused.code
            return "in"

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(enter, range(4))).count("in") == 1


class TestSession:
    def open(self, session, member):
        return attempt(member.email, PASSWORD, member.code())

    def test_it_ends_when_idle_and_in_any_case(self, sessions, session) -> None:
        member = make_staff(session)
        with clock.at(NOON) as move:
            opened = self.open(session, member)
            for _ in range(34):
                move(timedelta(minutes=14))
                usecases.authenticate(session, token=opened.token)
            move(timedelta(minutes=5))  # eight hours, without a pause
            with pytest.raises(StaffSessionOver):
                usecases.authenticate(session, token=opened.token)
            other = self.open(session, member)
            move(timedelta(minutes=15))
            with pytest.raises(StaffSessionOver):
                usecases.authenticate(session, token=other.token)

    def test_leaving_ends_it_at_once(self, sessions, session) -> None:
        member = make_staff(session)
        opened = self.open(session, member)
        staff_id = session.scalars(select(Staff.id)).one()
        usecases.dismiss(session, staff_id=staff_id)
        with pytest.raises(StaffSessionOver):
            usecases.authenticate(session, token=opened.token)
        with pytest.raises(SignInRefused):
            attempt(member.email, PASSWORD, member.code())


class TestPages:
    def test_the_cookie_is_strict_and_the_page_says_so(self, client, session) -> None:
        member = make_staff(session)
        answer = submit_sign_in(client, member)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/console/my-day")
        cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("dk_staff="))
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie and "Max-Age" not in cookie
        page = client.get("/console/my-day")
        assert page.status_code == 200 and "现在要做的" in page.text
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert page.headers["Cache-Control"] == "no-store"

    def test_behind_https_the_cookie_belongs_to_the_host(self, app, sessions, session) -> None:
        from dataclasses import replace

        member, client, held = make_staff(session), app.test_client(), app.config["DUKOU"]
        app.config["DUKOU"] = replace(held, public_url="https://bank.example")
        try:
            base = {"base_url": "https://bank.example"}
            mark = form_mark(client.get("/console/sign-in", **base))
            form = {"form_mark": mark, "email": member.email, "password": PASSWORD, "code": member.code()}
            answer = client.post("/console/sign-in", data=form, **base)
        finally:
            app.config["DUKOU"] = held
        cookie = next(one for one in answer.headers.getlist("Set-Cookie") if "dk_staff=" in one)
        assert cookie.startswith("__Host-dk_staff=") and "Secure" in cookie and "Domain" not in cookie

    def test_refused_and_locked_in_words(self, client, session) -> None:
        member = make_staff(session)
        for _ in range(5):
            answer = submit_sign_in(client, member, password="wrong password here")
            assert answer.status_code == 401 and "邮箱、密码或动态码不对" in answer.text
            assert "wrong password here" not in answer.text
            assert 'href="/console/sign-in?lang=en"' in answer.text
        locked = submit_sign_in(client, member)
        assert locked.status_code == 429 and "分钟后再试" in locked.text

    def test_a_form_of_another_site_is_refused(self, client, session, app) -> None:
        member = make_staff(session)
        form = {"email": member.email, "password": PASSWORD, "code": member.code()}
        assert client.post("/console/sign-in", data=form).status_code == 403
        foreign = form_mark(app.test_client().get("/console/sign-in"))
        client.get("/console/sign-in")
        assert client.post("/console/sign-in", data={**form, "form_mark": foreign}).status_code == 403

    def test_nobody_is_sent_to_the_sign_in_page(self, client) -> None:
        answer = client.get("/console/my-day")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/console/sign-in")
        client.set_cookie("dk_staff", "ss_forged")
        over = client.get("/console/customers")
        assert over.headers["Location"] == "/console/sign-in?over=1"
        assert "登录已到期" in client.get("/console/sign-in?over=1").text

    def test_signing_out(self, client, session) -> None:
        signed_in(client, session)
        page = client.get("/console/my-day")
        assert client.get("/console/sign-out").status_code == 405  # a link changes nothing
        assert client.post("/console/sign-out").status_code == 403
        assert client.post("/console/sign-out", data={"form_mark": form_mark(page)}).status_code == 303
        assert client.get("/console/my-day").status_code == 303
