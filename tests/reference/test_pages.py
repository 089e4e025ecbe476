"""The reference pages: whole, linked, in two languages, with nothing from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import config
from app import documents
from app.partners.domain.versions import VERSIONS
from app.reference import guides, told
from app.reference.dress import marked
from app.reference.shapes import Type, groups, type_of
from config.settings import load_bank

PROFILE = Path(config.__file__).with_name("bank.toml")
GUIDE_PAGES = tuple(f"/docs/guides/{name}" for name in (*guides.GUIDES, *guides.PAPERS))
PAGES = (
    *("/docs/quick-start", "/docs", "/docs/public", "/docs/customer", "/docs/partner", "/docs/embed", "/docs/errors"),
    *("/docs/guides", "/docs/events", "/docs/changes", *GUIDE_PAGES),
)


class Links(HTMLParser):
    """Collects what a page links to, its ids, and what a strict policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.ids: list[str] = []
        self.refused: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links |= {value for name in ("href", "src") if (value := given.get(name))}
        if given.get("id"):
            self.ids.append(str(given["id"]))
        inline = any(name.startswith("on") or name == "style" for name in given)
        if inline or tag in ("script", "style", "iframe", "form"):
            self.refused.append(tag)


def read(client: FlaskClient, path: str, **headers: str) -> tuple[Any, Links]:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, f"{path}: {answer.text[:300]}"
    found = Links()
    found.feed(answer.text)
    return answer, found


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_to_a_strict_policy(client: FlaskClient, path: str) -> None:
    answer, found = read(client, path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "script-src" not in policy
    assert found.refused == []
    assert not [one for one in found.links if re.match(r"[a-z]+:|//", one)], "everything comes from this server"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers
    assert len(found.ids) == len(set(found.ids))


def test_every_link_leads_somewhere(client: FlaskClient) -> None:
    ids: dict[str, list[str]] = {}
    links: set[str] = set()
    for path in PAGES:
        _, found = read(client, path)
        ids[path] = found.ids
        links |= {path + one if one.startswith("#") else one for one in found.links}
    for one in sorted(links):
        page, _, anchor = one.partition("#")
        if anchor:
            assert anchor in ids[page.partition("?")[0]], one
        elif not page.startswith("/docs/errors/"):  # each of these has a test of its own
            assert client.get(page).status_code == 200, one


def test_the_front_page_names_the_bank_and_leads_to_every_door(client: FlaskClient) -> None:
    bank = load_bank(PROFILE)
    chinese, found = read(client, "/")
    assert f"<h1>{bank.name}</h1>" in chinese.text and all(
        line in chinese.text for line in (bank.licence_line, *bank.legal_lines)
    )
    assert {"/portal", "/console", "/docs", f"tel:{bank.service_phone}", f"tel:{bank.complaint_phone}"} <= found.links
    assert found.refused == [] and "default-src 'none'" in chinese.headers["Content-Security-Policy"]
    english, _ = read(client, "/?lang=en")
    assert bank.english_name in english.text and all(line in english.text for line in bank.english_legal_lines)


@pytest.mark.parametrize("path", PAGES)
def test_the_bank_is_named_by_its_own_mark(client: FlaskClient, path: str) -> None:
    answer, found = read(client, path)
    shown = next(one for one in found.links if one.startswith("/embed/v1/mark"))
    assert load_bank(PROFILE).short_name in answer.text and client.get(shown).mimetype.startswith("image/")


@pytest.mark.parametrize("audience", ["public", "customer", "partner", "embed"])
def test_every_operation_and_body_of_the_document_is_on_its_page(client: FlaskClient, audience: str) -> None:
    answer, found = read(client, f"/docs/{audience}?lang=en")
    document = documents.make()[audience]
    for path, item in document["paths"].items():
        assert path in answer.text
        for method, operation in item.items():
            if method != "parameters":
                assert operation["operationId"] in found.ids
    for name, schema in document["components"]["schemas"].items():
        if name != "Problem":
            assert f"schema-{name}" in found.ids
            assert all(f"<code>{one}</code>" in answer.text for one in schema.get("properties", {}))
    assert sum(len(group.operations) for group in groups(document)) == answer.text.count("<article") - len(
        [one for one in found.ids if one.startswith("schema-")]
    )


def test_the_language_is_chosen_by_the_browser_or_by_hand_and_kept(client: FlaskClient) -> None:
    chinese, _ = read(client, "/docs")
    assert '<html lang="zh-CN">' in chinese.text and "错误代码" in chinese.text
    english, _ = read(client, "/docs", **{"Accept-Language": "en-GB,en;q=0.9"})
    assert '<html lang="en">' in english.text and "Problem codes" in english.text
    assert "Accept-Language" in english.headers["Vary"]
    chosen, found = read(client, "/docs?lang=en", **{"Accept-Language": "zh-CN"})
    assert '<html lang="en">' in chosen.text and "/docs/partner?lang=en" in found.links
    odd, _ = read(client, "/docs?lang=xx")
    assert '<html lang="zh-CN">' in odd.text


@pytest.mark.parametrize("path", ["/docs/staff", "/docs/errors/no.such", "/docs/static/routes.py", "/docs/static/x"])
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_styles_are_served(client: FlaskClient) -> None:
    for name, kind in (("tokens.css", "text/css"), ("reference.css", "text/css")):
        answer = client.get(f"/docs/static/{name}")
        assert (answer.status_code, answer.mimetype) == (200, kind)
        again = client.get(f"/docs/static/{name}", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


def test_text_is_never_markup(client: FlaskClient) -> None:
    with client.application.test_request_context("/docs?lang=en"):
        shown = marked("<b>no</b> `a<b` and `loan.unknown`")
    assert shown == (
        "&lt;b&gt;no&lt;/b&gt; <code>a&lt;b</code> and "
        '<a href="/docs/errors/loan.unknown?lang=en"><code>loan.unknown</code></a>'
    )


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "integer"}, Type("integer")),
        ({"type": ["string", "null"], "format": "date"}, Type("string (date)", or_null=True)),
        ({"enum": ["a"]}, Type("string")),
        ({}, Type("any")),
        ({"$ref": "#/components/schemas/LoanOut"}, Type("LoanOut", "LoanOut")),
        ({"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}, Type("A", "A", or_null=True)),
        ({"type": "array", "items": {"$ref": "#/x/A"}}, Type("A", "A", is_list=True)),
        ({"type": ["array", "null"], "items": {"type": "integer"}}, Type("integer", is_list=True, or_null=True)),
    ],
)
def test_types_in_a_few_words(schema: dict[str, Any], expected: Type) -> None:
    assert type_of(schema) == expected


def test_a_wrong_address_answers_a_page_in_the_readers_language(client) -> None:
    for path in ("/docs/nothing", "/docs/errors/no.such_code", "/docs/a/b/c", "/docs/static/x.css"):
        for locale, words in (("zh-CN", "没有这一页"), ("en", "No such page")):
            answer = client.get(f"{path}?lang={locale}")
            assert (answer.status_code, answer.mimetype) == (404, "text/html"), path
            assert words in answer.text and "script" not in answer.headers["Content-Security-Policy"]


def test_every_event_has_a_sentence_and_a_body(client: FlaskClient) -> None:
    for lang in ("zh-CN", "en"):
        answer, found = read(client, f"/docs/events?lang={lang}")
        assert {event.type for event in told.events()} <= set(found.ids)
        assert answer.text.count("<pre") == len(told.events()) == len(told.WHEN)
        assert "&#34;triggered&#34;" not in answer.text


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_version_is_in_the_log_of_changes(client: FlaskClient, lang: str) -> None:
    text = read(client, f"/docs/changes?lang={lang}")[0].text
    assert [version for version in VERSIONS if version not in text] == []
