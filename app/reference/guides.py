"""Guides for partners' developers: Markdown in two languages with the code that a reader copies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

FOLDER = Path(__file__).parents[2] / "docs" / "guides"
_INCLUDE = re.compile(r"^@include ([\w.-]+)( background)?$", re.MULTILINE)

QUICK_START = "quick-start"


@dataclass(frozen=True)
class Guide:
    """A guide as a page shows it."""

    title: str
    content: Markup


def render(name: str, locale: str, names: dict[str, str], chosen: str | None) -> Guide:
    """The guide in one language; `names` are put for the words in capitals, links keep a `chosen` language."""
    text = (FOLDER / f"{name}.{locale}.md").read_text(encoding="utf-8")
    text = _INCLUDE.sub(_fence, text)
    for word, meant in names.items():
        text = text.replace(word, meant)
    title, _, rest = text.partition("\n")
    return Guide(title.removeprefix("# "), Markup(_markdown(chosen).render(rest)))  # noqa: S704  texts of ours


def _fence(found: re.Match[str]) -> str:
    name, background = found[1], found[2] or ""
    code = (FOLDER / "code" / name).read_text(encoding="utf-8")
    return f"```{name}{background}\n{code}```"


def _markdown(chosen: str | None) -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable("table")

    def link_open(renderer: Any, tokens: Any, at: int, options: Any, env: Any) -> str:
        target = str(tokens[at].attrs["href"])
        if chosen and target.startswith("/"):
            tokens[at].attrs["href"] = f"{target}?{urlencode({'lang': chosen})}"
        return str(renderer.renderToken(tokens, at, options, env))

    def fence(renderer: Any, tokens: Any, at: int, options: Any, env: Any) -> str:
        return str(_code(tokens[at].info, tokens[at].content))

    made.add_render_rule("link_open", link_open)
    made.add_render_rule("fence", fence)
    return made


def _code(told: str, content: str) -> Markup:
    """A command, or a file under its name; a test copies both from the page and runs them."""
    name, _, background = told.partition(" ")
    how = Markup('data-run="{}"').format(background or "wait") if name.endswith(".sh") else ""
    if name and not how:
        how = Markup('data-file="{}"').format(name)
    caption = Markup("<figcaption><code>{}</code></figcaption>").format(name) if "data-file" in how else ""
    return Markup('<figure class="code">{}<pre tabindex="0"><code {}>{}</code></pre></figure>\n').format(
        caption, how, escape(content)
    )
