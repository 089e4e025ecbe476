"""The bank's mark: plain shapes or pixels, shown anywhere because a mark that could do anything is refused."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

SVG, PNG = "image/svg+xml", "image/png"
MOST_BYTES = 32_768  # it stands in every header
MOST_PIXELS = 1024
# Nobody's eyes or browser but ours opens it by itself; even then it may load and run nothing.
POLICY = "default-src 'none'; sandbox"
_SPACE = "http://www.w3.org/2000/svg"
_PNG_HEAD = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_SHAPES = """
    svg g path circle ellipse rect line polyline polygon title desc defs linearGradient radialGradient stop clipPath
"""
_PROPERTIES = """
    xmlns viewBox width height id d points x y x1 y1 x2 y2 cx cy r rx ry fx fy offset transform role aria-label
    fill fill-rule fill-opacity clip-rule clip-path opacity stroke stroke-width stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-opacity stop-color stop-opacity gradientUnits gradientTransform spreadMethod
    clipPathUnits preserveAspectRatio
"""
SHAPES, PROPERTIES = frozenset(_SHAPES.split()), frozenset(_PROPERTIES.split())
_ELSEWHERE = re.compile(r"url\((?!#[\w-]+\))|:|\\", re.IGNORECASE)


class MarkRefused(ValueError):
    """One sentence: what in the file is not fit for a mark."""


@dataclass(frozen=True)
class Mark:
    """The picture as it is served, and as papers take it."""

    content: bytes = field(repr=False)
    media_type: str

    @property
    def version(self) -> str:
        """Another picture has another one: addresses carry it, so that the picture may be kept for ever."""
        return hashlib.sha256(self.content).hexdigest()[:16]

    @property
    def svg(self) -> str:
        """For layouts that take one kind of picture: shapes as they are, pixels in a frame of their size."""
        if self.media_type == SVG:
            return self.content.decode()
        width, height = _png_size(self.content)
        picture = base64.b64encode(self.content).decode()
        size = f'width="{width}" height="{height}"'
        return f'<svg xmlns="{_SPACE}" {size}><image {size} href="data:{PNG};base64,{picture}"/></svg>'


def read(path: Path) -> Mark:
    """The mark in a file: an SVG of shapes and fills only, or a PNG. Raises MarkRefused, OSError."""
    content = path.read_bytes()
    if len(content) > MOST_BYTES:
        raise MarkRefused(f"the mark {path.name} has more than {MOST_BYTES} bytes")
    if content.startswith(_PNG_HEAD):
        if not all(0 < side <= MOST_PIXELS for side in _png_size(content)):
            raise MarkRefused(f"the mark {path.name} is wider or higher than {MOST_PIXELS} pixels")
        return Mark(content, PNG)
    _check_shapes(path.name, content)
    return Mark(content, SVG)


def _png_size(content: bytes) -> tuple[int, int]:
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _check_shapes(name: str, content: bytes) -> None:
    """What is not on the list is refused by its name, not taken out: the bank knows what it shows."""
    depth = 0

    def begin(element: str, properties: dict[str, str]) -> None:
        nonlocal depth
        if element not in SHAPES or (element == "svg") != (depth == 0):
            raise MarkRefused(f"the mark {name} has <{element}>; only plain shapes are taken")
        if depth == 0 and (properties.get("xmlns") != _SPACE or "viewBox" not in properties):
            raise MarkRefused(f"the mark {name} is no SVG with a viewBox")
        for key, value in properties.items():
            if key not in PROPERTIES or (key != "xmlns" and _ELSEWHERE.search(value)):
                raise MarkRefused(f"the mark {name} has {key}={value[:40]!r}; only plain shapes are taken")
        depth += 1

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_: object) -> None:
        raise MarkRefused(f"the mark {name} has a document type or an instruction; only plain shapes are taken")

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.StartDoctypeDeclHandler = parser.ProcessingInstructionHandler = refuse
    try:
        parser.Parse(content.decode("utf-8"), True)
    except (expat.ExpatError, UnicodeDecodeError) as error:
        raise MarkRefused(f"the mark {name} is neither a PNG nor a well-formed SVG ({error})") from error
