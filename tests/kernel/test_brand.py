"""A bank's own colour is readable in every step, by day and by night, or it is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config import brand
from config.settings import SettingsError, load_bank

PROFILE = Path(__file__).parents[2] / "config" / "bank.toml"
STEP = re.compile(r"--dk-brand-(\d+):(#[0-9a-f]{6})")


def steps(css: str) -> list[dict[int, brand.Colour]]:
    """Day, night by choice, night by the system."""
    found = [STEP.findall(block) for block in css.split("}") if "--dk-brand-" in block]
    return [{int(step): _parts(color) for step, color in block} for block in found]


def _parts(color: str) -> brand.Colour:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


@pytest.mark.parametrize("color", ["#8b0000", "#004b87", "#3c1361", "#1b4d2e", "#5a5a5a", "#000000", "#a8321f"])
def test_every_step_can_be_read(color: str) -> None:
    day, night, again = steps(brand.stylesheet(color))
    assert night == again
    assert sorted(day) == sorted(night) == list(range(1, 11))
    assert brand.contrast(day[7], brand.WHITE) >= 4.5
    assert brand.contrast(day[7], day[1]) >= 4.5  # text of a tag on its wash
    assert brand.contrast(night[7], brand.WHITE) >= 4.5
    assert brand.contrast(night[9], brand.NIGHT) >= 4.5
    assert brand.contrast(night[9], night[1]) >= 4.5
    assert brand.contrast(night[6], brand.NIGHT) >= 3


def test_the_designed_colour_needs_nothing_more() -> None:
    design = (PROFILE.parents[1] / "design" / "tokens.css").read_text()
    assert f"--dk-brand-7:{brand.DESIGNED}" in design
    assert brand.stylesheet(brand.DESIGNED) == ""


def test_the_designed_steps_are_those_of_the_style_sheet() -> None:
    design = (PROFILE.parents[1] / "design" / "tokens.css").read_text()
    day, night, again = (found for found in steps(design) if found)
    told = brand.steps(brand.DESIGNED)
    assert list(told.day) == [brand._hex(day[step]) for step in range(1, 11)]
    assert list(told.night) == [brand._hex(night[step]) for step in range(1, 11)]
    assert night == again
    assert told.fills == ("#0f5c6b", "#22788a")


@pytest.mark.parametrize("color", ["#07c160", "#FFFFFF", "red", "#0f5c6b;}", ""])
def test_a_colour_that_cannot_be_read_on_is_refused_at_the_start(color: str, tmp_path: Path) -> None:
    profile = tmp_path / "bank.toml"
    profile.write_text(PROFILE.read_text().replace(brand.DESIGNED, color))
    with pytest.raises(SettingsError, match="cannot be used"):
        load_bank(profile)
