"""The console's pages: every one renders in both languages, masked, for the roles it is for."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from app.console.domain import PERMISSIONS, ROLES
from app.console.models import Reveal
from app.customers.queries import CustomerUnknown, person
from app.kernel import clock, ids
from app.kernel.audit import AuditEntry
from tests.factories import customers as make
from tests.factories.console import form_mark, signed_in

LISTS = ("my-day", "customers", "applications", "loans", "ledger", "notices", "transfers", "webhooks")
LISTS += ("debits", "reconciliation", "suspense", "held-transfers", "loan-classes", "reviews", "catalogue")
LISTS += ("insights",)
PAGE_OF = {"my_day": "my-day", "held_transfers": "held-transfers", "loan_classes": "loan-classes"}
# steps on other pages
NO_PAGES = {"reveal", "propose_money", "decide_money", "decide_classes", "settle_reviews", "change_catalogue"}
NO_PAGES |= {"appointments", "change_partners"}


def look(client, customer_id, field: str = "phone", reason: str = "客户来电核对预留手机号"):
    page = client.get(f"/console/customers/{customer_id}")
    form = {"form_mark": form_mark(page), "field": field, "reason": reason}
    return client.post(f"/console/customers/{customer_id}/reveal", data=form)


class TestLists:
    @pytest.mark.parametrize("name", LISTS)
    def test_empty_lists_say_so_in_both_languages(self, client, session, name) -> None:
        signed_in(client, session)
        zh, en = client.get(f"/console/{name}"), client.get(f"/console/{name}?lang=en")
        assert zh.status_code == en.status_code == 200
        assert '<html lang="zh-CN">' in zh.text and '<html lang="en">' in en.text
        assert zh.text.count("<h1") == 1 and "style=" not in zh.text and "<script" not in zh.text
        kept = client.get(f"/console/{name}")
        assert '<html lang="en">' in kept.text  # the choice is remembered

    def test_the_way_in(self, client, session) -> None:
        signed_in(client, session)
        assert client.get("/console/").headers["Location"] == "/console/my-day"
        assert client.get("/console/nothing-here").status_code == 404

    def test_a_language_chosen_after_the_session_is_over_leads_to_the_door(self, client) -> None:
        told = client.get("/console/my-day?lang=en")
        assert told.status_code == 303 and "sign-in" in told.headers["Location"]
        assert "dk_lang=en" in told.headers["Set-Cookie"]

    def test_unknown_things_are_not_there_in_words(self, client, session) -> None:
        signed_in(client, session)
        for kind in ("customers", "applications", "loans"):
            answer = client.get(f"/console/{kind}/{ids.new_id()}")
            assert answer.status_code == 404 and "没有找到" in answer.text and answer.mimetype == "text/html"

    def test_lists_are_paged_with_ones_own_cursor(self, client, session) -> None:
        for _ in range(21):
            make.make_customer(session)
        session.commit()
        signed_in(client, session)
        first = client.get("/console/customers").text
        assert first.count("****") == 20 and "更早的" in first
        cursor = first.split("cursor=")[1].split('"')[0]
        older = client.get(f"/console/customers?cursor={cursor}")
        assert older.status_code == 200 and "回到最新" in older.text
        assert client.get("/console/customers?cursor=forged").status_code == 400


class TestRoles:
    @pytest.mark.parametrize("role", ROLES)
    def test_each_role_sees_its_own_pages_and_links_to_no_others(self, client, session, role) -> None:
        signed_in(client, session, roles=[role])
        home = client.get("/console/my-day").text
        for permission, roles in PERMISSIONS.items():
            if permission in NO_PAGES:
                continue
            path = f"/console/{PAGE_OF.get(permission, permission)}"
            allowed = role in roles
            assert client.get(path).status_code == (200 if allowed else 403), path
            assert (f'href="{path}"' in home) is allowed, path

    def test_a_foreign_page_says_so(self, client, session) -> None:
        signed_in(client, session, roles=["finance"])
        assert "这里不对你的岗位开放" in client.get("/console/applications").text


class TestCustomers:
    def test_masked_everywhere(self, client, session) -> None:
        ready = make.ready_to_apply(session)
        known = person(session, ready.customer_id)
        signed_in(client, session)
        for path in ("/console/customers", f"/console/customers/{ready.customer_id}"):
            page = client.get(path).text
            assert (
                known.phone not in page
                and known.id_no not in page
                and known.name not in page.replace("测试林记百货商行", "")
            )
            assert f"{known.phone[:3]}****{known.phone[-4:]}" in page

    def test_found_by_the_whole_number_in_the_body(self, client, session) -> None:
        customer = make.make_customer(session)
        session.commit()
        signed_in(client, session)
        mark = form_mark(client.get("/console/customers"))
        found = client.post("/console/customers/search", data={"form_mark": mark, "phone": customer.phone})
        assert str(customer.id) in found.text
        for wrong in (customer.phone[:10], "1" * 11, "'; DROP TABLE", ""):
            none = client.post("/console/customers/search", data={"form_mark": mark, "phone": wrong})
            assert none.status_code == 200 and str(customer.id) not in none.text

    def test_a_look_takes_a_reason_and_leaves_a_record(self, client, session) -> None:
        customer = make.make_customer(session)
        session.commit()
        signed_in(client, session, roles=["reviewer"])
        seen = look(client, customer.id)
        assert customer.phone in seen.text and customer.id_no not in seen.text
        assert customer.phone not in client.get(f"/console/customers/{customer.id}").text  # this once only
        row = session.scalars(select(Reveal)).one()
        assert (row.field, row.customer_id) == ("phone", customer.id)
        audit = session.scalars(select(AuditEntry).where(AuditEntry.action == "customer.revealed")).one()
        assert audit.reason == "客户来电核对预留手机号" and audit.request_id and customer.phone not in str(audit.facts)
        assert "客户来电核对预留手机号" in client.get(f"/console/customers/{customer.id}").text

    @pytest.mark.parametrize(
        ("field", "reason"), [("phone", ""), ("phone", "看看"), ("phone", "x" * 201), ("password", "good reason")]
    )
    def test_without_a_reason_nothing_is_shown(self, client, session, field, reason) -> None:
        customer = make.make_customer(session)
        session.commit()
        signed_in(client, session, roles=["reviewer"])
        assert customer.phone not in look(client, customer.id, field, reason).text
        assert session.scalars(select(Reveal)).first() is None

    def test_roles_that_need_no_data_get_none(self, client, session) -> None:
        customer = make.make_customer(session)
        session.commit()
        signed_in(client, session, roles=["admin"])
        page = client.get(f"/console/customers/{customer.id}")
        assert "查看并记录" not in page.text
        form = {"form_mark": form_mark(page), "field": "phone", "reason": "客户来电核对"}
        assert client.post(f"/console/customers/{customer.id}/reveal", data=form).status_code == 403

    def test_twenty_looks_an_hour(self, client, session) -> None:
        customer = make.make_customer(session)
        session.commit()
        signed_in(client, session, roles=["operations"])
        answers = [look(client, customer.id).status_code for _ in range(21)]
        assert answers == [200] * 20 + [429]
        assert len(session.scalars(select(Reveal)).all()) == 20

    def test_a_form_of_another_site_reveals_nothing(self, client, session) -> None:
        customer = make.make_customer(session)
        session.commit()
        signed_in(client, session)
        form = {"field": "phone", "reason": "客户来电核对预留手机号"}
        answer = client.post(f"/console/customers/{customer.id}/reveal", data=form)
        assert answer.status_code == 403 and customer.phone not in answer.text
        assert client.get(f"/console/customers/{customer.id}/reveal").status_code == 405

    def test_hostile_text_is_shown_as_text(self, client, session) -> None:
        customer = make.make_customer(session)
        make.make_enterprise(session, legal_rep=customer, name="<script>alert(1)</script>")
        session.commit()
        signed_in(client, session, roles=["reviewer"])
        look(client, customer.id, reason='"><img src=x onerror=alert(1)>')
        page = client.get(f"/console/customers/{customer.id}").text
        assert "<script" not in page and "<img src=x" not in page and "&lt;script&gt;" in page

    def test_the_record_cannot_be_changed(self, session) -> None:
        for act in ("UPDATE", "DELETE", "TRUNCATE"):
            allowed = session.scalar(text("SELECT has_table_privilege('reveals', :act)"), {"act": act})
            assert not allowed

    def test_nobody_unknown(self, session) -> None:
        with pytest.raises(CustomerUnknown):
            person(session, ids.new_id())
        assert clock.today()
