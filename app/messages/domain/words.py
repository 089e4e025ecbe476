"""What a message's text is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """A title and a text; `{amount}` and the like are filled in when it is read."""

    title: str
    body: str


@dataclass(frozen=True)
class Text:
    """One version of one kind. `note` goes into a WeChat template: 20 characters at most."""

    zh: Words
    en: Words
    note: str

    def words(self, locale: str) -> Words:
        """In this language."""
        return self.en if locale == "en" else self.zh
