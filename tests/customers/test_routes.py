"""Signing in and the account over HTTP, against the sandbox."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from app.customers.models import CustomerSession
from app.kernel import clock, crypto, ids
from tests.factories import customers as make


def post(client, path: str, body: dict, headers: dict | None = None):
    return client.post(f"/customer/v1{path}", json=body, headers=headers or {})


def write(client, path: str, body: dict, token: str, key: str | None = None):
    return post(client, path, body, {"Authorization": f"Bearer {token}", "Idempotency-Key": key or ids.new_id().hex})


def persona(sandbox, code: str) -> dict:
    return sandbox.get(f"/sandbox/api/personas/{code}")


def received(sandbox, phone: str) -> dict:
    return sandbox.get("/sandbox/api/sms", phone=phone)["messages"][0]


def sign_in(client, sandbox, phone: str) -> str:
    code = post(client, "/sign-in/phone-codes", {"phone": phone}).get_json()
    body = {"code_id": code["code_id"], "phone": phone, "code": received(sandbox, phone)["params"]["code"]}
    answer = post(client, "/sign-in/phone", body)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()["token"]


def consent(client, token: str, kind: str, enterprise_id: str | None = None):
    headers = {"Authorization": f"Bearer {token}"}
    texts = client.get("/customer/v1/consent-texts?locale=zh-CN", headers=headers).get_json()["items"]
    current = next(found for found in texts if found["kind"] == kind)
    body = {"kind": kind, "text_version": current["version"], "text_sha256": current["sha256"]}
    return write(client, "/consents", body | ({"enterprise_id": enterprise_id} if enterprise_id else {}), token)


def identify(client, sandbox, code: str) -> tuple[str, dict]:
    who = persona(sandbox, code)
    token = sign_in(client, sandbox, who["person"]["phone"])
    consent(client, token, "identity_check")
    body = {"name": who["person"]["name"], "id_no": who["person"]["id_no"]}
    answer = write(client, "/me/identity", body, token)
    assert answer.status_code == 200, answer.get_json()
    return token, who


class TestPhone:
    def test_the_code_arrives_and_signs_in(self, client, sandbox) -> None:
        phone = make.invented_phone()
        sent = post(client, "/sign-in/phone-codes", {"phone": phone})
        assert sent.status_code == 202 and set(sent.get_json()) == {"code_id", "expires_at", "resend_after_s"}
        message = received(sandbox, phone)
        assert message["template"] == "sign_in_code" and re.fullmatch("[0-9]{6}", message["params"]["code"])
        body = {"code_id": sent.get_json()["code_id"], "phone": phone, "code": message["params"]["code"]}
        answer = post(client, "/sign-in/phone", body)
        assert answer.status_code == 201
        assert answer.headers["Cache-Control"] == "no-store"
        found = answer.get_json()
        assert found["customer"]["phone"] == f"{phone[:3]}****{phone[-4:]}" and phone not in answer.text
        me = client.get("/customer/v1/me", headers={"Authorization": f"Bearer {found['token']}"})
        assert me.get_json()["id"] == found["customer"]["id"]
        assert post(client, "/sign-in/phone", body).get_json()["code"] == "phone_code.expired"

    def test_known_and_unknown_numbers_get_the_same_answer_by_the_same_work(
        self, client, sandbox, session, statements
    ) -> None:
        known, unknown = make.make_customer(session).phone, make.invented_phone()
        session.commit()
        answers, counts = [], []
        for phone in (known, unknown):
            statements.clear()
            answers.append(post(client, "/sign-in/phone-codes", {"phone": phone}))
            counts.append(len(statements))
        assert [answer.status_code for answer in answers] == [202, 202]
        shapes = [re.sub(r"[0-9a-f-]{36}|\d{4}-\S+\"", "…", answer.text) for answer in answers]
        assert shapes[0] == shapes[1] and counts[0] == counts[1]

    def test_a_second_code_at_once_is_refused_with_the_time_to_wait(self, client) -> None:
        phone = make.invented_phone()
        post(client, "/sign-in/phone-codes", {"phone": phone})
        again = post(client, "/sign-in/phone-codes", {"phone": phone})
        assert (again.status_code, again.get_json()["code"]) == (429, "phone_code.too_many")
        assert 0 < int(again.headers["Retry-After"]) <= 61

    @pytest.mark.parametrize("code", ["12345", "1234567", "１２３４５６", "12345a", "123456\n", 123456, None])
    def test_what_is_no_code_is_refused_before_it_counts(self, client, code) -> None:
        body = {"code_id": str(ids.new_id()), "phone": "13800138000", "code": code}
        assert post(client, "/sign-in/phone", body).get_json()["code"] == "request.invalid"

    @pytest.mark.parametrize(
        "phone", ["12800138000", "+8613800138000", "1380013800", "１３８００１３８０００", "13800138000\n"]
    )
    def test_what_is_no_phone_is_refused(self, client, phone) -> None:
        assert post(client, "/sign-in/phone-codes", {"phone": phone}).status_code == 422

    def test_an_unknown_code_id_is_a_wrong_code(self, client) -> None:
        body = {"code_id": str(ids.new_id()), "phone": "13800138000", "code": "000000"}
        assert post(client, "/sign-in/phone", body).get_json()["code"] == "phone_code.wrong"


class TestMiniProgram:
    def login(self, client, sandbox, code: str):
        login = sandbox.post("/sandbox/api/wechat/login-codes", {"persona": code, "app": "mini"})["code"]
        return post(client, "/sign-in/mini-program", {"login_code": login})

    def bind(self, client, sandbox, code: str, token: str):
        phone_code = sandbox.post("/sandbox/api/wechat/phone-codes", {"persona": code})["code"]
        body = {"phone_code": phone_code}
        return post(client, "/sign-in/mini-program/phone", body, {"Authorization": f"Bearer {token}"})

    def test_a_new_person_signs_in_with_wechat_alone(self, client, sandbox) -> None:
        who = persona(sandbox, "good")
        first = self.login(client, sandbox, "good")
        assert first.status_code == 201 and first.get_json()["phone_needed"] and not first.get_json()["customer"]
        token = first.get_json()["token"]
        me = client.get("/customer/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert (me.status_code, me.get_json()["code"]) == (401, "auth.phone_needed")
        bound = self.bind(client, sandbox, "good", token)
        assert bound.status_code == 201 and bound.get_json()["token"] != token
        again = self.login(client, sandbox, "good").get_json()
        assert not again["phone_needed"] and again["customer"] == bound.get_json()["customer"]
        for answer in (first, bound):
            assert who["wechat"]["mini_openid"] not in answer.text and "openid" not in answer.text

    def test_an_existing_customer_is_joined_by_a_code_to_the_phone(self, client, sandbox) -> None:
        phone = persona(sandbox, "good")["person"]["phone"]
        with clock.at(clock.now()) as move:
            from datetime import timedelta

            sign_in(client, sandbox, phone)
            move(timedelta(minutes=2))
            token = self.login(client, sandbox, "good").get_json()["token"]
            refused = self.bind(client, sandbox, "good", token)
            problem = refused.get_json()
            assert (refused.status_code, problem["code"]) == (409, "sign_in.second_factor_needed")
            assert phone not in refused.text
            code = {"code_id": problem["context"]["code_id"], "code": received(sandbox, phone)["params"]["code"]}
            assert post(client, "/sign-in/phone", code).get_json()["code"] == "phone_code.wrong"  # no such session
            joined = post(client, "/sign-in/phone", code, {"Authorization": f"Bearer {token}"})
            assert joined.status_code == 201
            assert not self.login(client, sandbox, "good").get_json()["phone_needed"]

    def test_a_code_works_once(self, client, sandbox) -> None:
        login = sandbox.post("/sandbox/api/wechat/login-codes", {"persona": "good", "app": "mini"})["code"]
        post(client, "/sign-in/mini-program", {"login_code": login})
        again = post(client, "/sign-in/mini-program", {"login_code": login})
        assert (again.status_code, again.get_json()["code"]) == (422, "wechat.code_refused")


class TestOauth:
    def start(self, client, return_path: str = "/embed/apply"):
        return post(client, "/sign-in/wechat/start", {"return_path": return_path})

    def back(self, client, sandbox, started, code: str | None = None, **more):
        asked = parse_qs(urlsplit(started.get_json()["authorize_url"]).query)
        login = {"persona": "thin_file", "app": "h5", **more}
        code = code or sandbox.post("/sandbox/api/wechat/login-codes", login)["code"]
        return client.get("/callbacks/wechat/oauth", query_string={"code": code, "state": asked["state"][0]})

    def test_there_and_back(self, client, sandbox, app) -> None:
        started = self.start(client)
        cookie = started.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
        url = urlsplit(started.get_json()["authorize_url"])
        assert parse_qs(url.query)["redirect_uri"] == [f"{app.config['DUKOU'].public_url}/callbacks/wechat/oauth"]
        assert url.fragment == "wechat_redirect"
        back = self.back(client, sandbox, started)
        target = urlsplit(back.headers["Location"])
        assert (back.status_code, target.path, target.query) == (303, "/embed/apply", "")
        one_time_code = parse_qs(target.fragment)["wechat_code"][0]
        opened = post(client, "/sign-in/wechat", {"one_time_code": one_time_code})
        assert opened.status_code == 201 and opened.get_json()["phone_needed"]
        again = post(client, "/sign-in/wechat", {"one_time_code": one_time_code})
        assert again.get_json()["code"] == "oauth.one_time_code_refused"

    def test_a_code_that_comes_again_ends_what_it_opened(self, client, sandbox, session, app) -> None:
        """Whoever sends it, from any browser: two have it, and one of them is not who signed in."""
        codes, tokens = [], []
        for _ in range(2):
            target = urlsplit(self.back(client, sandbox, self.start(client)).headers["Location"])
            codes.append(parse_qs(target.fragment)["wechat_code"][0])
        for code in codes:
            tokens.append(post(client, "/sign-in/wechat", {"one_time_code": code}).get_json()["token"])
        assert len({crypto.token_hash(token) for token in tokens}) == 2
        assert post(app.test_client(), "/sign-in/wechat", {"one_time_code": "otc_unknown"}).status_code == 422
        assert post(app.test_client(), "/sign-in/wechat", {"one_time_code": codes[1]}).status_code == 422
        rows = {one.token_hash: one.revoked_at for one in session.scalars(select(CustomerSession))}
        assert rows[crypto.token_hash(tokens[1])] is not None and rows[crypto.token_hash(tokens[0])] is None

    def test_the_cookie_is_host_only_and_secure_behind_https(self, app, sessions) -> None:
        client = app.test_client()
        held = app.config["DUKOU"]
        from dataclasses import replace

        app.config["DUKOU"] = replace(held, public_url="https://bank.example")
        try:
            started = client.post(
                "/customer/v1/sign-in/wechat/start", json={"return_path": "/"}, base_url="https://bank.example"
            )
        finally:
            app.config["DUKOU"] = held
        cookie = started.headers["Set-Cookie"]
        assert cookie.startswith("__Host-dk_browser=") and cookie.endswith("; Secure") and "Domain" not in cookie

    def test_another_browser_cannot_use_the_state(self, client, sandbox, app) -> None:
        started = self.start(client)
        other = app.test_client()
        self.start(other)
        assert self.back(other, sandbox, started).get_json()["code"] == "oauth.state_refused"

    def test_a_browser_without_a_trip_is_refused(self, client, app) -> None:
        for query in ("", "code=c", "code=c&state=s", "code=c&state=s&state=t", "code=c&code=d&state=s"):
            answer = app.test_client().get(f"/callbacks/wechat/oauth?{query}")
            assert (answer.status_code, answer.get_json()["code"]) == (422, "oauth.state_refused")

    def test_a_state_is_spent_by_its_first_return(self, client, sandbox) -> None:
        started = self.start(client)
        self.back(client, sandbox, started)
        assert self.back(client, sandbox, started).get_json()["code"] == "oauth.state_refused"

    @pytest.mark.parametrize(("more", "error"), [({"snapshot": True}, "wechat.snapshot_user")])
    def test_virtual_users_come_back_with_an_error_to_show(self, client, sandbox, more, error) -> None:
        back = self.back(client, sandbox, self.start(client), **more)
        assert urlsplit(back.headers["Location"]).fragment == f"wechat_error={error}"

    def test_a_refused_code_comes_back_with_an_error_to_show(self, client, sandbox) -> None:
        back = self.back(client, sandbox, self.start(client), code="never-issued")
        assert urlsplit(back.headers["Location"]).fragment == "wechat_error=wechat.code_refused"

    @pytest.mark.parametrize("path", ["//evil.example", "https://evil.example/", "/a/..%2f", "/\\evil.example"])
    def test_no_open_redirect(self, client, path) -> None:
        assert self.start(client, path).get_json()["code"] == "oauth.return_path_refused"
