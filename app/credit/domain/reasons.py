"""Why a decision is what it is: each reason with code, words, the data it rests on, our requirement and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.credit.domain.features import DEFINITIONS, SOURCES, Feature, Text, in_words

Kind = Literal["rule", "limit", "score"]


@dataclass(frozen=True)
class Wording:
    """What a rule says to the customer. `shown` False: the data behind it are not named (list checks)."""

    code: str
    text: Text
    requirement: Text
    remedy: Text
    shown: bool = True

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Wording:
        return cls(
            code=raw["code"],
            text=Text.parse(raw["text"]),
            requirement=Text.parse(raw["requirement"]),
            remedy=Text.parse(raw["remedy"]),
            shown=raw.get("shown", True),
        )


@dataclass(frozen=True)
class Reason:
    """One reason as it is stored and shown."""

    kind: Kind
    code: str
    text: Text
    requirement: Text
    remedy: Text
    evidence: Feature | None

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "code": self.code,
            "text": self.text.as_json(),
            "requirement": self.requirement.as_json(),
            "remedy": self.remedy.as_json(),
            "evidence": evidence_json(self.evidence) if self.evidence else None,
        }


def evidence_json(feature: Feature) -> dict[str, Any]:
    """The data behind a reason, in words: what, how much, from where, of which day."""
    return {
        "feature": feature.name,
        "label": DEFINITIONS[feature.name].label.as_json(),
        "value": in_words(feature).as_json(),
        "source": SOURCES[feature.source].as_json(),
        "as_of": feature.as_of,
    }


def reason(kind: Kind, wording: Wording, feature: Feature, **amounts: Text) -> Reason:
    """The wording with `{value}` (of the feature) and the given amounts filled in.

    A sentence about a figure that has no value would be none ("of the card limit, no credit card is used"): then the
    figure and why it is missing stand in its place, and the remedy is not that of a bad value.
    """
    words = {"value": in_words(feature), **amounts}
    zh = {name: text.zh for name, text in words.items()}
    en = {name: text.en for name, text in words.items()}
    return Reason(
        kind=kind,
        code=wording.code,
        text=_without_value(feature) if _needs_value(wording, feature) else wording.text.filled(zh, en),
        requirement=wording.requirement.filled(zh, en),
        remedy=_ONCE_KNOWN if _needs_value(wording, feature) else wording.remedy.filled(zh, en),
        evidence=feature if wording.shown else None,
    )


_ONCE_KNOWN = Text("以后有了这项记录，下次申请会算进去", "It counts in a later application once there is such a record")


def _needs_value(wording: Wording, feature: Feature) -> bool:
    return feature.value is None and "{value}" in wording.text.zh


def _without_value(feature: Feature) -> Text:
    label, why = DEFINITIONS[feature.name].label, in_words(feature)
    return Text(f"{label.zh}：{why.zh}", f"{label.en}: {why.en}")
