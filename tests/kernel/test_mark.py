"""The bank's mark: shapes and pixels are taken, whatever could run or load something is refused by name."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from config import mark

SPACE = 'xmlns="http://www.w3.org/2000/svg"'
PROFILE = Path(__file__).parents[2] / "config" / "bank.toml"


def in_file(folder: Path, content: str | bytes) -> Path:
    """A file with this content."""
    path = folder / "mark.svg"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def png(width: int, height: int) -> bytes:
    """A black picture of this size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes((width + 1) * height)))
    return b"\x89PNG\r\n\x1a\n" + head + pixels + chunk(b"IEND", b"")


def test_the_shapes_of_the_demo_bank_are_taken() -> None:
    found = mark.read(PROFILE.parents[1] / "design" / "logo.svg")
    assert (found.media_type, found.svg.encode()) == (mark.SVG, found.content)
    assert len(found.version) == 16


def test_a_gradient_of_its_own_is_taken(tmp_path: Path) -> None:
    mark.read(
        in_file(
            tmp_path,
            f'<?xml version="1.0" encoding="UTF-8"?><svg {SPACE} viewBox="0 0 9 9"><defs><linearGradient id="g">'
            '<stop offset="0" stop-color="#fff"/></linearGradient></defs><path fill="url(#g)" d="M0 0h9v9z"/></svg>',
        )
    )


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<path onclick="alert(1)" d="M0 0"/>',
        '<a href="javascript:alert(1)"><path d="M0 0"/></a>',
        '<image href="https://elsewhere.example/a.png"/>',
        '<use href="#a"/>',
        "<style>path{fill:url(https://elsewhere.example)}</style>",
        '<path style="fill:red" d="M0 0"/>',
        '<path fill="url(https://elsewhere.example/#a)" d="M0 0"/>',
        '<path fill="URL(//elsewhere.example)" d="M0 0"/>',
        "<foreignObject><p>hello</p></foreignObject>",
        '<animate attributeName="d" to="M1 1"/>',
        '<set attributeName="onload" to="alert(1)"/>',
        "<svg></svg>",
        '<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>',
        "<?xml-stylesheet href='https://elsewhere.example'?>",
        "<path",
        "&nothing;",
    ],
)
def test_what_could_run_or_load_something_is_refused(inside: str, tmp_path: Path) -> None:
    with pytest.raises(mark.MarkRefused):
        mark.read(in_file(tmp_path, f'<svg {SPACE} viewBox="0 0 9 9">{inside}</svg>'))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        "渡".encode(),
        b"GIF89a",
        b"<html></html>",
        f'<svg {SPACE} onload="alert(1)" viewBox="0 0 9 9"/>'.encode(),
        f"<svg {SPACE}/>".encode(),
        b'<svg viewBox="0 0 9 9"/>',
        f'<!DOCTYPE svg [<!ENTITY a "b">]><svg {SPACE} viewBox="0 0 9 9"/>'.encode(),
        f'<svg {SPACE} viewBox="0 0 9 9"/>'.encode("utf-16"),
        b" " * (mark.MOST_BYTES + 1),
        png(0, 9),
        png(1025, 9),
    ],
)
def test_other_files_are_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(mark.MarkRefused):
        mark.read(in_file(tmp_path, content))


def test_pixels_come_to_papers_in_a_frame_of_their_size(tmp_path: Path) -> None:
    found = mark.read(in_file(tmp_path, png(24, 12)))
    assert found.media_type == mark.PNG
    assert 'width="24" height="12"' in found.svg
    assert "data:image/png;base64,iVBORw0KGgo" in found.svg
