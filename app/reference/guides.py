"""Guides for partners' developers: Markdown in two languages with the code that a reader copies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from app.reference.wording import Both

FOLDER = Path(__file__).parents[2] / "docs" / "guides"
_INCLUDE = re.compile(r"^@include ([\w.-]+)( background)?$", re.MULTILINE)

QUICK_START, CHANGES = "quick-start", "changes"
GUIDES = {
    "badge": Both("商品页上的分期徽标", "The monthly badge on a product page"),
    "checkout": Both("用贷款支付订单", "Paying an order by a loan"),
    "hand-off": Both("从电脑转到手机", "From the desktop to the phone"),
    "refunds": Both("取消与退款", "Cancelling and refunding"),
    "security": Both("安全", "Security"),
    "going-live": Both("上线", "Going live"),
}
# written in English only: what a program must do, byte for byte
PAPERS = {
    "partner-api": Both("签名、会话、Webhook 的完整规则（英文）", "All rules of signing, sessions and webhooks"),
    "widgets": Both("组件、模式、变量与事件（英文）", "Elements, modes, tokens and events"),
}


@dataclass(frozen=True)
class Guide:
    """A guide as a page shows it."""

    title: str
    content: Markup
    locale: str


def render(name: str, locale: str, names: dict[str, str], chosen: str | None) -> Guide:
    """The guide in one language; `names` are put for the words in capitals, links keep a `chosen` language."""
    path = FOLDER.parent / f"{name}.md" if name in PAPERS else FOLDER / f"{name}.{locale}.md"
    text = path.read_text(encoding="utf-8")
    text = _INCLUDE.sub(_fence, text)
    for word, meant in names.items():
        text = text.replace(word, meant)
    title, _, rest = text.partition("\n")
    return Guide(title.removeprefix("# "), Markup(_markdown(chosen).render(rest)), "en" if name in PAPERS else locale)  # noqa: S704  texts of ours


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
