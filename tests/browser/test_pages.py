"""Pages that need nobody: the shop, the developer's documents, the sandbox's desk. Every one of them, in every look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.walk import Shopper
from tests.stack import Stack

pytestmark = pytest.mark.browser


def test_the_shop(shopper: Callable[..., Shopper]) -> None:
    one = shopper()
    for name, path in {
        "home": "",
        "search": "?q=冷",
        "nothing-found": "?q=不存在的东西",
        "product": "/products/espresso",
        "cart-empty": "/cart",
        "orders-empty": "/orders",
        "seller": "/seller",
        "missing": "/orders/nothing-here",
    }.items():
        see(one, name, path)
    one.page.goto(f"{one.shop}/shop/products/fridge")
    one.page.locator("button[name=then]").first.click()
    see(one, "cart", "/cart")
    see(one, "checkout", "/checkout")
    one.page.locator("#submit-order button").click()
    one.page.wait_for_url("**/shop/orders/**")
    ref = one.order_ref()
    see(one, "order", f"/orders/{ref}")
    see(one, "orders", "/orders")
    one.page.goto(f"{one.shop}/shop/orders/{ref}")
    one.page.locator("form[action$='/cancel'] button").click()
    expect(one.page.locator("[data-order-state=cancelled]").first).to_be_visible()
    see(one, "order-cancelled", f"/orders/{ref}")


def see(one: Shopper, name: str, path: str) -> None:
    """A page of the shop in every look; then in English on a narrow screen, where nothing may be cut."""
    one.page.goto(f"{one.shop}/shop{path}")
    one.page.wait_for_load_state("networkidle")  # the bank's elements are painted
    one.look_over(f"shop-{name}")
    one.page.set_viewport_size({"width": 375, "height": 812})
    assert looks.largest_text(one.page) == [], f"{name} at 200 %"
    english = {"name": "shop_language", "value": "en", "domain": "127.0.0.1", "path": "/"}
    one.context.add_cookies([english])  # type: ignore[list-item]
    one.page.reload()
    assert looks.cut(one.page) == [], f"{name} in English"
    if looks.PICTURES:
        one.look_over(f"shop-{name}-english")
    one.context.add_cookies([english | {"value": "zh"}])  # type: ignore[list-item]


def test_the_documents(shopper: Callable[..., Shopper], stack: Stack) -> None:
    one = shopper()
    one.page.goto(stack.web_url)
    looks.look_over(one.page, "front")
    pages = ["", "/errors", "/errors/idempotency.key_reused", "/public"]
    if looks.PICTURES:  # long ones, made by the same templates
        pages += ["/customer", "/partner", "/embed"]
    for path in pages:
        one.page.goto(f"{stack.web_url}/docs{path}")
        looks.look_over(one.page, f"docs{path.replace('/', '-')}", full=path not in ("/customer", "/partner", "/embed"))


def test_the_desk(shopper: Callable[..., Shopper]) -> None:
    one = shopper()
    one.page.goto(f"{one.shop}/")
    links = one.page.locator(".side a.item")
    paths = [str(links.nth(index).get_attribute("href")) for index in range(links.count())]
    assert len(paths) > 5
    for path in paths:
        one.page.goto(f"{one.shop}{path}")
        name = path.strip("/").replace("/", "-") or "overview"
        looks.look_over(one.page, f"desk-{name}")
