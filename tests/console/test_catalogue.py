"""New versions of products and rules on the console: proposed, tried on the past and decided by two people."""

from __future__ import annotations

import json
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import text

from app.console.views.bodies import Change, changes
from app.credit import queries
from app.kernel import clock, ids
from tests.factories import credit
from tests.factories.console import form_mark, signed_in
from tests.factories.partners import make_partner

PAGE = "/console/catalogue"
LIN = "lin@bank.example"


def blank(client, kind="rules"):
    """What the form begins with, as a browser would send it back."""
    page = client.get(f"{PAGE}/new?kind={kind}&product={credit.PRODUCT}")
    body = page.text.split("<textarea")[1].split(">", 1)[1].split("</textarea>")[0]
    return {
        "form_mark": form_mark(page), "kind": kind, "product_code": credit.PRODUCT, "version": "R-next",
        "effective_from": clock.today().isoformat(), "share_percent": "100", "source": "测试：收紧批准线",
        "body": unescape(body),
    }  # fmt: skip


def stricter(form, cut_off=900):
    body = json.loads(form["body"])
    body["scorecard"]["cut_off"] = cut_off
    return {**form, "body": json.dumps(body, ensure_ascii=False)}


def proposed(client, **other):
    answer = client.post(f"{PAGE}/new", data={**stricter(blank(client)), **other})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def act(client, path, act, note="看过试算，同意"):
    return client.post(f"{path}/{act}", data={"form_mark": form_mark(client.get(path)), "note": note})


def test_from_a_proposal_to_rules_that_decide(app, client, session) -> None:
    credit.approved_application(session, credit.make_applicant(session))
    session.commit()
    signed_in(client, session, roles=["reviewer"])
    path = proposed(client)
    page = client.get(path).text
    assert "scorecard.cut_off" in page and "900" in page and "还没有试算" in page and "你提的" in page
    other = app.test_client()
    signed_in(other, session, roles=["admin"], email=LIN)
    assert "先看看它会怎样改变过去的决定" in other.get(act(other, path, "approve").headers["Location"]).text
    assert act(other, path, "try").status_code == 303
    tried = other.get(f"{path}?lang=en").text
    assert "newly declined" in tried and "1</dd>" in tried
    assert "自己提的不能自己定" in client.get(act(client, path, "approve").headers["Location"]).text
    assert queries.rule_set(session, credit.PRODUCT, on=clock.today()).version != "R-next"
    assert "写清理由" in client.get(act(other, path, "approve", note="好").headers["Location"]).text
    act(other, path, "approve")
    session.expire_all()
    assert queries.rule_set(session, credit.PRODUCT, on=clock.today()).version == "R-next"
    assert "已批准" in client.get(path).text and "看过试算" in client.get(path).text
    listed = client.get(PAGE).text
    assert "R-next" in listed and "在用" in listed and "已被替换" in listed
    assert "状态已经变了" in client.get(act(other, path, "reject").headers["Location"]).text


def test_what_was_rejected_changes_nothing(app, client, session) -> None:
    signed_in(client, session, roles=["reviewer"])
    path = proposed(client)
    other = app.test_client()
    signed_in(other, session, roles=["reviewer"], email=LIN)
    act(other, path, "reject", note="太严")
    assert "没有同意" not in client.get(path).text.split("<h1")[0] and "写清理由" not in client.get(path).text
    act(other, path, "reject", note="太严，先不改")
    assert "没有同意" in client.get(path).text
    assert queries.rule_set(session, credit.PRODUCT, on=clock.today()).version != "R-next"


@pytest.mark.parametrize(
    ("entry", "value", "said"),
    [
        ("version", "", "版本号"),
        ("version", "x" * 17, "版本号"),
        ("source", "   ", "理由和依据"),
        ("effective_from", "2026-02-30", "生效日"),
        ("effective_from", "明天", "生效日"),
        ("share_percent", "NaN", "决定多少企业"),
        ("share_percent", "0", "决定多少企业"),
        ("share_percent", "60", "不能超过一半"),
        ("body", "{", "JSON"),
        ("body", '{"a": 1, "a": 2}', "JSON"),
        ("body", "[]", "内容（JSON）"),
        ("body", "{}", "规则内容不完整"),
        ("product_code", "no-such", "没有这个产品"),
        ("kind", "law", "种类"),
    ],
)
def test_a_wrong_entry_is_named_and_the_rest_is_kept(client, session, entry, value, said) -> None:
    signed_in(client, session, roles=["reviewer"])
    form = {**stricter(blank(client)), entry: value}
    answer = client.post(f"{PAGE}/new", data=form)
    assert answer.status_code == 422 and said in answer.text, answer.text
    assert entry == "source" or "测试：收紧批准线" in answer.text
    assert entry == "body" or "cut_off&#34;: 900" in answer.text
    assert queries.proposals(session) == []


def test_a_day_that_is_over_and_a_version_that_exists(client, session) -> None:
    signed_in(client, session, roles=["reviewer"])
    over = (clock.today() - timedelta(days=1)).isoformat()
    assert "生效日已经过去" in client.post(f"{PAGE}/new", data={**stricter(blank(client)), "effective_from": over}).text
    proposed(client)
    assert "换一个" in client.post(f"{PAGE}/new", data=stricter(blank(client))).text


def test_forbidden_promises_are_shown_where_they_stand(client, session) -> None:
    signed_in(client, session, roles=["reviewer"])
    form = blank(client, "product") | {"version": "2027.1"}
    body = json.loads(form["body"])
    body["summary"]["zh"] = "低门槛，秒到账"
    answer = client.post(f"{PAGE}/new", data={**form, "body": json.dumps(body)})
    assert answer.status_code == 422 and "summary.zh" in answer.text and "秒到账" in answer.text


def test_who_may_look_and_who_may_change(app, client, session) -> None:
    signed_in(client, session, roles=["reviewer"])
    path = proposed(client)
    looker = app.test_client()
    signed_in(looker, session, roles=["finance"], email=LIN)
    page = looker.get(path).text
    assert "scorecard.cut_off" in page and "<form class=\"search\"" not in page
    mark = form_mark(looker.get(path))
    for act_path in (f"{path}/try", f"{path}/approve", f"{path}/reject", f"{PAGE}/new"):
        assert looker.post(act_path, data={"form_mark": mark}).status_code == 403, act_path
    assert looker.get(f"{PAGE}/new?kind=rules").status_code == 403
    stranger = app.test_client()
    signed_in(stranger, session, roles=["operations"], email="qian@bank.example")
    assert stranger.get(PAGE).status_code == stranger.get(path).status_code == 403
    assert client.get(f"{PAGE}/proposals/{ids.new_id()}").status_code == 404
    assert client.get(f"{PAGE}/new?kind=law").status_code == 404


def test_changes_name_their_place() -> None:
    before = {"price": {"cap_bps": 1500}, "grades": [{"name": "A", "to": 1}, {"name": "B", "to": 2}], "terms": [3, 6]}
    after = {"price": {"cap_bps": 1400}, "grades": [{"name": "B", "to": 3}], "terms": [3, 6, 12], "new": {}}
    assert list(changes(before, after)) == [
        Change("price.cap_bps", "1500", "1400"),
        Change("grades[B].to", "2", "3"),
        Change("terms", "[3, 6]", "[3, 6, 12]"),
        Change("new", None, "{}"),
        Change("grades[A].name", "A", None),
        Change("grades[A].to", "1", None),
    ]
    assert changes(before, before) == []


def test_what_a_refund_of_an_order_does_is_read_with_the_products(client, session) -> None:
    """Everybody's rule, and that of a partner of its own; not one whose days are over."""
    partner_id = make_partner(session, code="shop-of-the-rule").partner_id
    row = "INSERT INTO order_refund_rules (id, partner_id, effective_from, effective_to, source, books_on, mode,"
    row += " interest_free_days, most_claimed_fen) VALUES (gen_random_uuid(), :partner, :since, :until, :source,"
    row += " 'arrival', 'shorter_term', 14, 0)"
    for since, until, source in (("2026-01-01", None, "own agreement"), ("2025-01-01", "2026-01-01", "over")):
        session.execute(text(row), {"partner": partner_id, "since": since, "until": until, "source": source})
    session.commit()
    signed_in(client, session, roles=["finance"])
    page = client.get("/console/catalogue?lang=en").text
    assert "all partners" in page and "shop-of-the-rule" in page and "own agreement" in page
    assert "there are fewer instalments" in page and "within 14 days" in page and ">over<" not in page
    assert "商城退货时，贷款怎么办" in client.get("/console/catalogue?lang=zh-CN").text
