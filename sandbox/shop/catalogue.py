"""The shop's goods: eight invented products with Chinese and English texts, read once from catalogue.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

Text = dict[str, str]  # {"zh": …, "en": …}


@dataclass(frozen=True)
class Product:
    """One thing the shop sells. `specs` are (label, value) pairs."""

    product_id: str
    category: str
    department: Text
    name: Text
    price_fen: int
    unit: Text
    promise: Text
    specs: tuple[tuple[Text, Text], ...]


def _text(pair: list[str]) -> Text:
    # A number stays with its unit (1.2 米): the space between them does not break.
    chinese, english = (re.sub(r"(?<=\d) (?=[^\W\d])", "\u00a0", text) for text in pair)
    return {"zh": chinese, "en": english}


def _read() -> tuple[dict[str, Text], dict[str, Product]]:
    raw = tomllib.loads((Path(__file__).parent / "catalogue.toml").read_text(encoding="utf-8"))
    categories = {key: _text(pair) for key, pair in raw["categories"].items()}
    products = {
        key: Product(
            product_id=key,
            category=item["category"],
            department=_text(item["department"]),
            name=_text(item["name"]),
            price_fen=item["price_fen"],
            unit=_text(item["unit"]),
            promise=_text(item["promise"]),
            specs=tuple((_text(spec[:2]), _text(spec[2:])) for spec in item["specs"]),
        )
        for key, item in raw["products"].items()
    }
    return categories, products


CATEGORIES, PRODUCTS = _read()


def search(words: str = "", category: str = "") -> list[Product]:
    """Products of a category whose name in either language contains every word; empty filters match all."""
    wanted = words.casefold().split()
    return [
        product
        for product in PRODUCTS.values()
        if category in ("", product.category)
        and all(word in (product.name["zh"] + " " + product.name["en"]).casefold() for word in wanted)
    ]
