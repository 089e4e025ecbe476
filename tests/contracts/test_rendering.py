"""The contract's PDF: PDF/A-2b, every font embedded, and all that was agreed can be read in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils.generic import Dereferenceable
from pyhanko.pdf_utils.reader import PdfFileReader

from app.contracts.domain.contracts import RenderingFailed
from app.contracts.usecases.rendering import render_contract
from tests.contracts.test_domain import content


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_contract(content())


def plain(thing: Any) -> Any:
    return thing.get_object() if isinstance(thing, Dereferenceable) else thing


def pages(reader: PdfFileReader) -> Iterator[Any]:
    for number in range(int(reader.root["/Pages"]["/Count"])):
        yield reader.find_page_for_modification(number)[0].get_object()


def fonts(pdf: bytes) -> dict[str, Any]:
    found = {}
    for page in pages(PdfFileReader(BytesIO(pdf))):
        for font in plain(page["/Resources"]["/Font"]).values():
            descendant = plain(plain(plain(font)["/DescendantFonts"])[0])
            found[str(plain(font)["/BaseFont"])] = (plain(descendant["/FontDescriptor"]), plain(font))
    return found


def selectable(pdf: bytes) -> set[str]:
    """The characters that can be copied out of the document, by the fonts' ToUnicode tables."""
    found: set[str] = set()
    for _, font in fonts(pdf).values():
        table = plain(font["/ToUnicode"]).data.decode("latin-1")
        for text in re.findall(r"<[0-9A-Fa-f]{4}> <([0-9A-Fa-f]+)>", table):
            found |= set(bytes.fromhex(text).decode("utf-16-be"))
    return found


def printed(thing: Any) -> set[str]:
    """Every character of the content."""
    if isinstance(thing, str):
        return set(thing) - {" "}
    if isinstance(thing, dict):
        return set().union(*(printed(one) for one in thing.values()))
    return set().union(*(printed(one) for one in thing)) if isinstance(thing, list) else set()


def test_it_declares_pdf_a_2b(pdf: bytes) -> None:
    reader = PdfFileReader(BytesIO(pdf))
    metadata = reader.root["/Metadata"].data.decode()
    assert re.search(r"pdfaid:part[>=\"]+2", metadata) and re.search(r"pdfaid:conformance[>=\"]+B", metadata)
    assert "/OutputIntents" in reader.root


def test_every_font_is_embedded(pdf: bytes) -> None:
    found = fonts(pdf)
    assert any("NotoSerifCJK" in name for name in found)
    for name, (descriptor, _) in found.items():
        assert any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")), name


def test_what_was_agreed_can_be_read(pdf: bytes) -> None:
    assert pdf.startswith(b"%PDF-1.7") and 20_000 < len(pdf) < 2_000_000
    assert int(PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"]) >= 4
    words = {name: said for name, said in content().items() if name != "letterhead"}  # a picture and a colour
    assert printed(words) - selectable(pdf) == set()


def test_text_is_data_and_never_markup() -> None:
    made = content()
    made["borrower"]["name"] = '#panic("x") $ * _ `raw` <label> @ref'
    assert render_contract(made).startswith(b"%PDF")


def test_a_character_without_a_glyph_is_refused() -> None:
    made = content()
    del made["lender"]
    with pytest.raises(RenderingFailed):
        render_contract(made)
