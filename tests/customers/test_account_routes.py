"""The account over HTTP: identity, enterprises, consents, devices, second factors."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.kernel import ids
from tests.customers.test_routes import consent, identify, persona, sign_in, write
from tests.factories import customers as make


class TestIdentity:
    def test_consent_then_identity(self, client, sandbox) -> None:
        who = persona(sandbox, "good")
        token = sign_in(client, sandbox, who["person"]["phone"])
        body = {"name": who["person"]["name"], "id_no": who["person"]["id_no"].lower()}
        refused = write(client, "/me/identity", body, token)
        assert (refused.status_code, refused.get_json()["code"]) == (403, "consent.missing")
        assert refused.get_json()["context"]["missing"] == ["identity_check"]
        assert consent(client, token, "identity_check").status_code == 201
        answer = write(client, "/me/identity", body, token)
        assert answer.status_code == 200 and answer.get_json()["level"] == "identified"
        assert answer.get_json()["name"] == "测*" and who["person"]["id_no"][:14] not in answer.text

    def test_a_mismatch_and_wrong_digits_are_told(self, client, sandbox) -> None:
        who = persona(sandbox, "good")
        token = sign_in(client, sandbox, who["person"]["phone"])
        consent(client, token, "identity_check")
        wrong_name = {"name": "测试白", "id_no": who["person"]["id_no"]}
        assert write(client, "/me/identity", wrong_name, token).get_json()["code"] == "identity.mismatch"
        check = "X" if who["person"]["id_no"][-1] != "X" else "1"
        wrong_digit = {"name": "测试林", "id_no": who["person"]["id_no"][:-1] + check}
        assert write(client, "/me/identity", wrong_digit, token).get_json()["code"] == "identity.id_no_malformed"
        stranger = {"name": "测试林", "id_no": make.invented_id_no()}
        assert write(client, "/me/identity", stranger, token).get_json()["code"] == "identity.not_found"

    def test_source_down_loses_nothing(self, client, sandbox) -> None:
        who = persona(sandbox, "good")
        token = sign_in(client, sandbox, who["person"]["phone"])
        consent(client, token, "identity_check")
        body = {"name": who["person"]["name"], "id_no": who["person"]["id_no"]}
        sandbox.post("/sandbox/api/personas/good", {"sources_down": ["bureau"]})
        try:
            down = write(client, "/me/identity", body, token, key="once-more")
        finally:
            sandbox.post("/sandbox/api/personas/good", {"sources_down": []})
        assert (down.status_code, down.get_json()["code"]) == (503, "source.down")
        assert down.get_json()["context"]["source"] == "bureau"
        assert write(client, "/me/identity", body, token, key="once-more").status_code == 200

    def test_the_stored_fingerprint_does_not_give_the_number_away(self, client, sandbox, session) -> None:
        import hashlib
        import json

        _, who = identify(client, sandbox, "good")
        body = {"name": who["person"]["name"], "id_no": who["person"]["id_no"]}
        plain = json.dumps(["POST /customer/v1/me/identity []", body], sort_keys=True, ensure_ascii=False)
        stored = [row.fingerprint for row in session.execute(text("SELECT fingerprint FROM idempotency_keys"))]
        assert stored and hashlib.sha256(plain.encode()).hexdigest() not in stored


class TestEnterprises:
    def test_the_good_persona_is_bound_and_listed(self, client, sandbox) -> None:
        token, who = identify(client, sandbox, "good")
        bound = write(client, "/enterprises", {"uscc": who["enterprise"]["uscc"].lower()}, token)
        assert bound.status_code == 201 and bound.get_json()["role"] == "legal_rep"
        assert "legal_rep_name" not in bound.text and who["person"]["id_no"] not in bound.text
        listed = client.get("/customer/v1/enterprises", headers={"Authorization": f"Bearer {token}"}).get_json()
        assert [one["uscc"] for one in listed["items"]] == [who["enterprise"]["uscc"]]

    @pytest.mark.parametrize(
        ("code", "error"),
        [("revoked_licence", "enterprise.not_active"), ("name_mismatch", "enterprise.legal_rep_mismatch")],
    )
    def test_the_others_are_refused_with_a_reason(self, client, sandbox, code, error) -> None:
        token, who = identify(client, sandbox, code)
        refused = write(client, "/enterprises", {"uscc": who["enterprise"]["uscc"]}, token)
        assert (refused.status_code, refused.get_json()["code"]) == (422, error)

    def test_unknown_and_malformed_codes(self, client, sandbox) -> None:
        token, who = identify(client, sandbox, "good")
        unknown = write(client, "/enterprises", {"uscc": make.invented_uscc()}, token)
        assert unknown.get_json()["code"] == "enterprise.unknown"
        wrong = {"uscc": who["enterprise"]["uscc"][:-1] + "-"}
        assert write(client, "/enterprises", wrong, token).get_json()["code"] == "enterprise.uscc_malformed"

    def test_the_registry_is_asked_ten_times_a_day(self, client, sandbox) -> None:
        token, _ = identify(client, sandbox, "good")
        codes = [write(client, "/enterprises", {"uscc": make.invented_uscc()}, token) for _ in range(11)]
        assert {one.get_json()["code"] for one in codes[:10]} == {"enterprise.unknown"}
        assert (codes[10].status_code, codes[10].get_json()["code"]) == (429, "enterprise.too_many_questions")
        assert codes[10].headers["Retry-After"] == "86400"
        assert write(client, "/enterprises", {"uscc": "x"}, token).status_code == 422, "asks nobody"

    def test_registry_down_loses_nothing(self, client, sandbox) -> None:
        token, who = identify(client, sandbox, "tax_down")
        body = {"uscc": who["enterprise"]["uscc"]}
        down = write(client, "/enterprises", body, token, key="again")
        assert (down.status_code, down.get_json()["code"]) == (503, "source.down")
        sandbox.post("/sandbox/api/personas/tax_down", {"sources_down": []})
        try:
            assert write(client, "/enterprises", body, token, key="again").status_code == 201
        finally:
            sandbox.post("/sandbox/api/personas/tax_down", {"sources_down": ["tax"]})


class TestConsents:
    def test_given_one_by_one_withdrawn_and_given_again(self, client, session) -> None:
        ready = make.ready_to_apply(session)
        listed = client.get("/customer/v1/consents", headers=ready.headers).get_json()["items"]
        assert len(listed) == 5 and all(one["withdrawn_at"] is None for one in listed)
        tax = next(one for one in listed if one["kind"] == "tax_data")
        ended = client.delete(f"/customer/v1/consents/{tax['id']}", headers=ready.writing())
        assert ended.status_code == 200 and ended.get_json()["withdrawn_at"]
        anew = consent(client, ready.token, "tax_data", str(ready.enterprise_id))
        assert anew.status_code == 201 and anew.get_json()["id"] != tax["id"]
        listed = client.get("/customer/v1/consents", headers=ready.headers).get_json()["items"]
        assert len(listed) == 6  # the history stays

    def test_the_same_consent_twice_is_one(self, client, session) -> None:
        ready = make.ready_to_apply(session)
        first, second = (consent(client, ready.token, "privacy_terms").get_json() for _ in range(2))
        assert first == second

    def test_only_exactly_the_text_in_force(self, client, session) -> None:
        ready = make.ready_to_apply(session)
        body = {"kind": "privacy_terms", "text_version": "1.0", "text_sha256": "0" * 64}
        refused = write(client, "/consents", body, ready.token)
        assert (refused.status_code, refused.get_json()["code"]) == (409, "consent.text_changed")

    def test_a_newer_text_ends_the_consent_to_the_older_one(self, client, session) -> None:
        ready = make.ready_to_apply(session)
        session.execute(
            text(
                "INSERT INTO consent_texts (id, kind, version, locale, title, text, sha256, effective_from) "
                "VALUES (:id, 'bureau_query', '2.0', 'zh-CN', '新', '新', :sha, '2026-02-01')"
            ),
            {"id": ids.new_id(), "sha": "a" * 64},
        )
        session.commit()
        assert consent(client, ready.token, "bureau_query").get_json()["text_version"] == "2.0"
        listed = client.get("/customer/v1/consents", headers=ready.headers).get_json()["items"]
        assert {
            (one["text_version"], one["withdrawn_at"] is None) for one in listed if one["kind"] == "bureau_query"
        } == {
            ("1.0", False),
            ("2.0", True),
        }

    def test_the_subject_must_fit_and_be_ones_own(self, client, session) -> None:
        ready, other = make.ready_to_apply(session), make.ready_to_apply(session)
        assert consent(client, ready.token, "tax_data").get_json()["code"] == "consent.subject_wrong"
        mixed = consent(client, ready.token, "privacy_terms", str(ready.enterprise_id))
        assert mixed.get_json()["code"] == "consent.subject_wrong"
        foreign = consent(client, ready.token, "tax_data", str(other.enterprise_id))
        assert (foreign.status_code, foreign.get_json()["code"]) == (404, "enterprise.not_found")

    def test_others_consents_cannot_be_withdrawn(self, client, session) -> None:
        ready, other = make.ready_to_apply(session), make.ready_to_apply(session)
        theirs = client.get("/customer/v1/consents", headers=other.headers).get_json()["items"][0]
        refused = client.delete(f"/customer/v1/consents/{theirs['id']}", headers=ready.writing())
        assert (refused.status_code, refused.get_json()["code"]) == (404, "consent.not_found")

    def test_lists_are_paged_and_cursors_are_ones_own(self, client, session) -> None:
        ready, other = make.ready_to_apply(session), make.ready_to_apply(session)
        first = client.get("/customer/v1/consents?limit=2", headers=ready.headers).get_json()
        rest = client.get(f"/customer/v1/consents?cursor={first['next_cursor']}", headers=ready.headers).get_json()
        assert len(first["items"]) == 2 and len(rest["items"]) == 3 and rest["next_cursor"] is None
        stolen = client.get(f"/customer/v1/consents?cursor={first['next_cursor']}", headers=other.headers)
        assert stolen.get_json()["code"] == "page.cursor_malformed"


class TestDevices:
    def test_listed_and_revocable(self, client, session) -> None:
        customer = make.make_customer(session)
        here, there = make.sign_in(session, customer), make.sign_in(session, customer, channel="mini")
        session.commit()
        listed = client.get("/customer/v1/sessions", headers=here.headers).get_json()["items"]
        assert [one["channel"] for one in listed] == ["mini", "web"]
        revoked = client.delete(f"/customer/v1/sessions/{there.session_id}", headers=here.writing())
        assert revoked.status_code == 200 and revoked.get_json()["revoked_at"]
        assert client.get("/customer/v1/me", headers=there.headers).status_code == 401
        assert client.delete("/customer/v1/session", headers=here.writing()).status_code == 200
        assert client.get("/customer/v1/me", headers=here.headers).get_json()["code"] == "auth.session_invalid"

    def test_others_devices_are_not_there(self, client, session) -> None:
        mine, other = (make.sign_in(session, make.make_customer(session)) for _ in range(2))
        session.commit()
        refused = client.delete(f"/customer/v1/sessions/{other.session_id}", headers=mine.writing())
        assert (refused.status_code, refused.get_json()["code"]) == (404, "session.not_found")

    @pytest.mark.parametrize("path", ["/me", "/enterprises", "/consents", "/consent-texts", "/sessions"])
    def test_nobody_gets_nothing(self, client, path) -> None:
        assert client.get(f"/customer/v1{path}").get_json()["code"] == "auth.session_invalid"


    @pytest.mark.parametrize("name", ["token", "access_token", "Authorization", "session"])
    def test_a_token_in_the_address_or_in_a_cookie_is_none(self, client, session, name) -> None:
        token = make.sign_in(session, make.make_customer(session)).token
        session.commit()
        assert client.get("/customer/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        client.set_cookie(name, token)
        assert client.get("/customer/v1/me", query_string={name: token}).status_code == 401


class TestStepUps:
    def ask(self, client, ready, subject, key: str | None = None):
        return write(client, "/step-ups/codes", {"purpose": "sign_contract", "subject_id": subject}, ready.token, key)

    def test_a_code_for_one_step(self, client, sandbox, session) -> None:
        ready, subject = make.ready_to_apply(session), str(ids.new_id())
        asked = self.ask(client, ready, subject, "k1")
        assert asked.status_code == 202
        assert self.ask(client, ready, subject, "k1").get_json() == asked.get_json()
        code_id = asked.get_json()["code_id"]
        messages = sandbox.get("/sandbox/api/sms")["messages"]
        message = next(one for one in messages if one["template"] == "step_up_sign_contract")
        right = {"code_id": code_id, "code": message["params"]["code"]}
        wrong = {**right, "code": f"{(int(right['code']) + 1) % 1_000_000:06d}"}
        refused = write(client, "/step-ups", wrong, ready.token)
        assert (refused.get_json()["code"], refused.get_json()["context"]["tries_left"]) == ("phone_code.wrong", 4)
        granted = write(client, "/step-ups", right, ready.token, "k2")
        assert granted.status_code == 201 and granted.get_json()["subject_id"] == subject
        assert write(client, "/step-ups", right, ready.token, "k2").get_json() == granted.get_json()
        assert write(client, "/step-ups", right, ready.token).get_json()["code"] == "phone_code.expired"

    def test_another_session_cannot_use_it(self, client, session) -> None:
        ready, other = make.ready_to_apply(session), make.ready_to_apply(session)
        code_id = self.ask(client, ready, str(ids.new_id())).get_json()["code_id"]
        refused = write(client, "/step-ups", {"code_id": code_id, "code": "000000"}, other.token)
        assert refused.get_json()["code"] == "phone_code.wrong"
        assert "tries_left" not in refused.get_json().get("context", {})

    def test_only_known_steps(self, client, session) -> None:
        ready = make.ready_to_apply(session)
        body = {"purpose": "become_admin", "subject_id": str(ids.new_id())}
        assert write(client, "/step-ups/codes", body, ready.token).get_json()["code"] == "request.invalid"

    def test_every_write_wants_a_key(self, client, session) -> None:
        ready = make.ready_to_apply(session)
        body = {"purpose": "sign_contract", "subject_id": str(ids.new_id())}
        refused = client.post("/customer/v1/step-ups/codes", json=body, headers=ready.headers)
        assert refused.get_json()["code"] == "idempotency.key_missing"
