"""What a tag says and how it looks."""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    """Tone of the tag (go, warn, ok, bad, hollow, plain) and the words."""

    tone: str
    zh: str
    en: str
