"""The shop's pages and API as a browser without scripts and a partner's programmer see them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import sandbox.shop
from sandbox.context import World
from sandbox.shop import catalogue, sales
from sandbox.shop.lender import FRESH_SECONDS, RETRY_SECONDS
from sandbox.shop.rendering import wording, yuan
from tests.sandbox.conftest import Clock
from tests.sandbox.fake_bank import FakeBank, running

FOLDER = Path(sandbox.shop.__file__).parent
PAGES = [
    "/shop",
    "/shop/products/fridge",
    "/shop/cart",
    "/shop/orders",
    "/shop/seller",
    "/shop?q=整托&category=staples",
]


@pytest.fixture
def bank(world: World) -> Iterator[FakeBank]:
    with running(world.keys["partner"]) as bank:
        world.bank_url = bank.base_url
        yield bank


def put_in_cart(client: FlaskClient, product_id: str, count: int) -> None:
    client.post("/shop/cart", data={"product_id": product_id, "add": str(count)})


def buy(client: FlaskClient, product_id: str = "fridge", count: int = 1) -> str:
    put_in_cart(client, product_id, count)
    page = client.get("/shop/checkout").text
    checkout_id = re.search(r'name="checkout_id" value="(\w+)"', page)
    assert checkout_id
    answer = client.post("/shop/checkout", data={"checkout_id": checkout_id[1]})
    assert answer.status_code == 303
    return answer.headers["Location"].rsplit("/", 1)[1]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_pages_are_whole_and_strict(client: FlaskClient, page: str, language: str) -> None:
    client.set_cookie("shop_language", language)
    answer = client.get(page)
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert not re.search(r"\son\w+=|\sstyle=|<script(?![^>]+src=)|<style", answer.text)
    assert len(re.findall(r"<h1[ >]", answer.text)) == 1
    assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in answer.text


def test_the_policy_names_the_embed_origin_and_nothing_else(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_EMBED_URL", "https://embed.bank.example/some/path")
    policy = dict(part.split(" ", 1) for part in client.get("/shop").headers["Content-Security-Policy"].split("; "))
    for directive in ("script-src", "connect-src", "form-action"):
        assert policy[directive] == "'self' https://embed.bank.example"
    assert (policy["frame-src"], policy["style-src"]) == ("https://embed.bank.example", "'self'")


def test_every_text_exists_in_both_languages_and_every_key_is_known() -> None:
    texts = wording()
    assert all(text["zh"] and text["en"] for text in texts.values())
    assert all(
        set(re.findall(r"\{\w+\}", text["zh"])) == set(re.findall(r"\{\w+\}", text["en"])) for text in texts.values()
    )
    for template in (FOLDER / "templates").rglob("*.html"):
        used = re.findall(r"""\bt\(["']([a-z_]+\.[a-z_]+)["'][,)]""", template.read_text(encoding="utf-8"))
        assert set(used) <= set(texts), template.name


def test_every_product_has_its_picture_and_both_texts() -> None:
    for product in catalogue.PRODUCTS.values():
        picture = ElementTree.parse(FOLDER / "static/products" / f"{product.product_id}.svg").getroot()
        assert picture.get("viewBox") == "0 0 160 160"
        assert product.name["zh"] and product.name["en"] and product.category in catalogue.CATEGORIES
        assert product.price_fen % 100 == 0  # the magic amounts of the core bank are never met by accident


def test_the_bank_is_asked_by_amount_and_never_a_way_of_paying(client: FlaskClient) -> None:
    assert '<loan-badge amount-fen="1299900"' in client.get("/shop/products/fridge").text
    put_in_cart(client, "fridge", 2)
    page = client.get("/shop/checkout").text
    assert '<loan-offer amount-fen="2599800"' in page and '<loan-apply amount-fen="2599800"' in page
    assert re.findall(r'name="payment" value="(\w+)"', page) == ["bank_transfer"]


def test_the_banks_script_comes_with_the_publishable_key_only(client: FlaskClient, world: World) -> None:
    partner = {**world.keys["partner"]}
    del partner["publishable_key"]
    world.keys = {**world.keys, "partner": partner}
    assert "embed.js" not in client.get("/shop/products/fridge").text
    partner["publishable_key"] = "pk_test_1"
    page = client.get("/shop/products/fridge").text
    assert f'<script type="module" src="{world.bank_url}/embed/v1/embed.js" data-partner="pk_test_1"' in page
    assert "embed.js" not in client.get("/shop/cart").text


def test_cart_adds_sets_and_empties(client: FlaskClient) -> None:
    put_in_cart(client, "fridge", 2)
    put_in_cart(client, "fridge", 1)
    put_in_cart(client, "rice", 98)
    put_in_cart(client, "rice", 5)
    assert "44" not in client.get_cookie("shop_cart").value  # type: ignore[union-attr]
    assert client.get_cookie("shop_cart").value == "fridge.3-rice.99"  # type: ignore[union-attr]
    client.post("/shop/cart", data={"product_id": "fridge", "quantity": "0"})
    assert client.get_cookie("shop_cart").value == "rice.99"  # type: ignore[union-attr]
    assert client.post("/shop/cart", data={"product_id": "car", "add": "1"}).status_code == 404


@pytest.mark.parametrize("cookie", ["fridge.0", "fridge.100", "car.1", "fridge", "-.-", "fridge.-1", "fridge.１"])
def test_a_broken_cart_cookie_is_an_empty_cart(client: FlaskClient, cookie: str) -> None:
    client.set_cookie("shop_cart", cookie)
    assert client.get("/shop/checkout").status_code == 303


def test_a_checkout_sent_twice_is_one_order(client: FlaskClient) -> None:
    put_in_cart(client, "espresso", 1)
    answers = [client.post("/shop/checkout", data={"checkout_id": "c" * 32}) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(client.get("/shop/api/orders").json["orders"]) == 1
    by_script = client.post(f"/shop/api/checkouts/{'c' * 32}/order").json["order_ref"]
    assert answers[0].headers["Location"].endswith(by_script)
    assert client.post("/shop/api/checkouts/other/order").json == {"code": "order.empty"}


def test_without_a_loan_the_shop_works_by_bank_transfer(client: FlaskClient) -> None:
    order_ref = buy(client)
    page = client.get(f"/shop/orders/{order_ref}").text
    assert order_ref in page and "6200000000000001088" in page
    client.post(f"/shop/seller/transfers/{order_ref}")
    told = client.get(f"/shop/api/orders/{order_ref}").json
    assert (told["state"], told["paid_by"]) == ("paid", "bank_transfer")
    client.post(f"/shop/orders/{order_ref}/cancel")
    assert client.get(f"/shop/api/orders/{order_ref}").json["state"] == "paid"


def test_orders_are_the_browsers_own(client: FlaskClient) -> None:
    order_ref = buy(client)
    stranger = client.application.test_client()
    assert order_ref in client.get("/shop/orders").text
    assert order_ref not in stranger.get("/shop/orders").text


def test_preferences_are_kept_and_lead_nowhere_else(client: FlaskClient) -> None:
    answer = client.post("/shop/preferences", data={"mode": "qr", "back": "/shop/cart"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/shop/cart")
    assert 'data-mode="qr"' in client.get("/shop").text
    for back in ("https://evil.example", "//evil.example", "/shop\\@evil.example", "javascript:alert(1)"):
        assert client.post("/shop/preferences", data={"back": back}).headers["Location"] == "/shop"
    client.post("/shop/preferences", data={"mode": "popup"})
    assert 'data-mode="qr"' in client.get("/shop").text


def test_without_scripts_the_browser_is_sent_to_the_banks_page(client: FlaskClient, bank: FakeBank) -> None:
    order_ref = buy(client)
    bank.redirect_url = f"{bank.base_url}/go/abc"
    assert client.post(f"/shop/orders/{order_ref}/loan").headers["Location"] == bank.redirect_url
    bank.redirect_url = "https://elsewhere.example/go"
    back = f"/shop/orders/{order_ref}?note=loan_unavailable"
    assert client.post(f"/shop/orders/{order_ref}/loan").headers["Location"] == back
    bank.answers = [(500, b"{}")]
    assert client.post(f"/shop/orders/{order_ref}/loan").headers["Location"] == back
    assert "对公转账" in client.get(back).text


def test_api_orders(client: FlaskClient) -> None:
    made = client.post("/shop/api/orders", json={"product_id": "oil", "quantity": 2})
    assert (made.status_code, made.json["amount_fen"], made.json["state"]) == (201, 2296000, "awaiting_payment")
    path = f"/shop/api/orders/{made.json['order_ref']}"
    first = client.get(path)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert "customer_ref" not in first.json
    assert client.post("/shop/api/orders", json={"product_id": "car"}).status_code == 404
    assert client.post("/shop/api/orders", json={"product_id": "oil", "quantity": 0}).status_code == 400
    assert client.get("/shop/api/orders/YC1").json == {"code": "order.unknown"}
    assert len(client.get("/shop/api/products").json["products"]) == len(catalogue.PRODUCTS)


def test_a_test_can_order_any_amount(client: FlaskClient) -> None:
    told: dict[str, Any] = client.post("/sandbox/api/shop/orders", json={"amount_fen": 1200041}).json
    assert (told["amount_fen"], told["state"]) == (1200041, "awaiting_payment")
    assert client.post("/sandbox/api/shop/orders", json={"amount_fen": 0}).status_code == 400


def test_sales_count_what_was_paid_here(client: FlaskClient, world: World) -> None:
    before = sales.monthly_sales(world)
    assert len(before) == 12 and max(month.height for month in before) == 1000
    order_ref = buy(client, "truck", 2)
    client.post(f"/shop/seller/transfers/{order_ref}")
    after = sales.monthly_sales(world)
    assert after[-1].amount_fen - before[-1].amount_fen == 1976000
    assert after[-1].order_count - before[-1].order_count == 1
    assert [month.amount_fen for month in after[:-1]] == [month.amount_fen for month in before[:-1]]


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (5, "0.05"), (1299900, "12,999.00"), (-101, "−1.01"), (10**11, "1,000,000,000.00")]
)
def test_money_is_written_out(fen: int, text: str) -> None:
    assert yuan(fen) == text


def test_unknown_addresses_have_a_page(client: FlaskClient) -> None:
    for path in ("/shop/nothing", "/shop/products/car", "/shop/orders/YC1"):
        assert client.get(path).status_code == 404


def test_the_bank_itself_names_the_lender_or_nobody_does(client: FlaskClient, bank: FakeBank, clock: Clock) -> None:
    put_in_cart(client, "fridge", 1)
    profile = {"short_name": "云岭银行（试验）", "english_name": "Yunling Bank (trial)", "mark": "/embed/v1/mark?v=7"}
    assert "mark?v=" not in client.get("/shop/checkout").text, "a bank that does not say who it is"
    bank.profile = profile | {"mark": "https://elsewhere.example/mark"}
    clock.advance(RETRY_SECONDS)
    assert "云岭银行" not in client.get("/shop/checkout").text, "a mark must be the bank's own"
    bank.profile = profile
    clock.advance(RETRY_SECONDS)
    page = client.get("/shop/checkout").text
    assert f'src="{bank.base_url}/embed/v1/mark?v=7"' in page and "云岭银行（试验）" in page
    bank.profile = None
    assert "云岭银行（试验）" in client.get("/shop/checkout").text, "it is asked again after five minutes"
    clock.advance(FRESH_SECONDS)
    assert "云岭银行（试验）" not in client.get("/shop/checkout").text
