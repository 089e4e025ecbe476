"""The bank's own colour as the ten steps of the visual language, by day and by night, each fit to be read on."""

from __future__ import annotations

import re
from dataclasses import dataclass

DESIGNED = "#0f5c6b"  # the visual language's own; its steps were chosen by hand and stand in design/tokens.css
WHITE, BLACK, NIGHT = (255, 255, 255), (0, 0, 0), (27, 31, 32)
# Its steps 1 to 10 by day and by night, for those who cannot read a style sheet.
DESIGNED_DAY = "#eaf4f5 #d0e6e9 #a6cdd3 #77b0b9 #46909c #227583 #0f5c6b #0a4854 #073640 #04252c"
DESIGNED_NIGHT = "#16282c #183339 #1b444c #1f5761 #216873 #3b93a1 #22788a #4fa6b4 #6fc0cd #a9dde5"
READABLE, EASILY_READABLE, VISIBLE = 4.5, 7.0, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
TINTS = {1: 0.08, 2: 0.18, 3: 0.36, 4: 0.55, 5: 0.76, 6: 0.9}  # how much of the colour is on white
SHADES = {8: 0.78, 9: 0.58, 10: 0.4}  # how much of it is on black
GLOWS = {1: 0.14, 2: 0.22, 3: 0.34, 4: 0.5, 5: 0.85}  # how much of the lit colour is on the night's surface

Colour = tuple[int, int, int]


def parsed(color: str) -> Colour:
    """`#0f5c6b` → its three parts. Raises ValueError for anything else, and for a colour too light under white text."""
    if not re.fullmatch(r"#[0-9a-f]{6}", color):
        raise ValueError(f"{color!r} is not written as #rrggbb in small letters")
    found = int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
    if contrast(found, WHITE) < READABLE:
        raise ValueError(f"white text on {color} has less than {READABLE}:1; choose a darker one")
    return found


def stylesheet(color: str) -> str:
    """What follows design/tokens.css in pages of this bank; nothing when the colour is the designed one."""
    if color == DESIGNED:
        return ""
    found = steps(color)
    day, night = (
        ";".join(f"--dk-brand-{step}:{part}" for step, part in enumerate(parts, 1))
        for parts in (found.day, found.night)
    )
    return (
        f':root,[data-theme="light"]{{{day}}}[data-theme="dark"]{{{night}}}'
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{night}}}}}'
    )


@dataclass(frozen=True)
class Steps:
    """The steps 1 to 10 of a colour, as `#rrggbb`. The seventh is the one that stands under white text."""

    day: tuple[str, ...]
    night: tuple[str, ...]

    @property
    def fills(self) -> tuple[str, str]:
        """What buttons are filled with, by day and by night."""
        return self.day[6], self.night[6]


def steps(color: str) -> Steps:
    """All steps of a colour, of the designed one too."""
    if color == DESIGNED:
        return Steps(tuple(DESIGNED_DAY.split()), tuple(DESIGNED_NIGHT.split()))
    own = parsed(color)
    day, night = (tuple(_hex(found[step]) for step in range(1, 11)) for found in (_day(own), _night(own)))
    return Steps(day, night)


def contrast(one: Colour, other: Colour) -> float:
    """The ratio of two colours' luminances, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Colour) -> float:
    parts = [part / 255 for part in color]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _day(own: Colour) -> dict[int, Colour]:
    tints = {step: _mixed(own, WHITE, share) for step, share in TINTS.items()}
    return {**tints, 7: own, **{step: _mixed(own, BLACK, share) for step, share in SHADES.items()}}


def _night(own: Colour) -> dict[int, Colour]:
    """A fill under white text and a text on the night's surface: no one colour is fit for both."""
    lighter = [_mixed(own, WHITE, 1 - step / 100) for step in range(100)]
    fill = [one for one in lighter if contrast(one, WHITE) >= READABLE][-1]
    mark = next(one for one in lighter if contrast(one, NIGHT) >= VISIBLE)
    text = next(one for one in lighter if contrast(one, NIGHT) >= EASILY_READABLE)
    glows = {step: _mixed(fill, NIGHT, share) for step, share in GLOWS.items()}
    return {**glows, 6: mark, 7: fill, 8: _mixed(text, fill, 0.6), 9: text, 10: _mixed(text, WHITE, 0.5)}


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _hex(color: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
