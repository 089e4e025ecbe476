"""Colours and sizes have one source, `design/`: front ends serve it or are generated from it."""

from __future__ import annotations

import re

import pytest

from tests.architecture.rules import ROOT

OUTSIDE_WORLD = ("sandbox/",)  # other people's pages: a look of their own
SKIPPED = ("node_modules", ".venv", ".git", "dist", ".state")
STYLES = ("app/console/static", "app/portal/static", "app/reference/static", "h5/widgets")


def copies(name: str) -> set[str]:
    """Where a file of the visual language lies besides `design/`."""
    found = {path.relative_to(ROOT) for path in ROOT.rglob(name) if not set(SKIPPED) & set(path.parts)}
    return {str(path) for path in found if path.parts[0] != "design" and not str(path).startswith(OUTSIDE_WORLD)}


@pytest.mark.parametrize("name", ["tokens.css", "logo.svg"])
def test_nothing_of_the_visual_language_is_copied(name: str) -> None:
    assert copies(name) == set()


def test_every_token_that_is_used_is_defined() -> None:
    defined = set(re.findall(r"(--dk-[a-z0-9-]+):", (ROOT / "design" / "tokens.css").read_text()))
    for folder in STYLES:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".css", ".vue"):
                used = set(re.findall(r"var\((--dk-[a-z0-9-]+)", path.read_text()))
                assert used <= defined, f"{path}: {sorted(used - defined)}"


def test_no_stylesheet_has_colours_of_its_own() -> None:
    for folder in STYLES:
        for path in (ROOT / folder).rglob("*.css"):
            assert re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text()) == [], f"{path}: a colour that is no token"


def test_people_are_spoken_to_in_one_way() -> None:
    """The bank says 你 on every screen, paper and message; only texts that were published before stay as they were."""
    places = ("app", "h5/loader", "h5/widgets", "miniprogram", "sandbox", "launcher", "examples")
    kinds = {".py", ".html", ".vue", ".ts", ".wxml", ".toml", ".typ", ".json"}
    politely = [
        str(path.relative_to(ROOT))
        for place in places
        for path in (ROOT / place).rglob("*")
        if path.suffix in kinds and "node_modules" not in path.parts and "您" in path.read_text(encoding="utf-8")
    ]
    assert politely == ["app/messages/domain/texts_1.py"]
