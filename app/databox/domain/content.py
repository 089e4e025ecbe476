"""What a file is by its bytes, and its table or tree; runs inside the box only, on bytes nobody has to be afraid of."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from xml.etree.ElementTree import Element

import openpyxl
from defusedxml import ElementTree as SafeTree
from defusedxml.common import DefusedXmlException

from app.databox.domain.cells import Row
from app.databox.domain.documents import Unreadable

XLSX, XML, CSV = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/xml", "text/csv",
)
MOST_INSIDE = 24 << 20  # bytes of all members, inflated
MOST_MEMBERS = 200
MOST_RATIO = 200
MOST_ROWS, MOST_COLUMNS, MOST_CELL = 20_000, 60, 2_000
MOST_DEPTH, MOST_NODES = 30, 100_000


def media_type(raw: bytes) -> str:
    """By content, never by name. Raises Unreadable (`type_unknown`)."""
    head = raw[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if raw.startswith(b"PK\x03\x04"):
        return XLSX
    if head.startswith(b"<?xml") or (head.startswith(b"<") and b"EInvoice" in head[:64]):
        return XML
    if b"\x00" in raw or head.startswith((b"<", b"%PDF", b"{", b"%!", b"#!", b"MZ", b"\x89PNG", b"GIF8", b"\xff\xd8")):
        raise Unreadable("type_unknown")
    return CSV


def csv_rows(raw: bytes) -> list[Row]:
    """Rows of a text in UTF-8 or GB 18030 with commas, semicolons or tabs. Raises Unreadable."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable("text_unreadable")
    if any(mark < " " and mark not in "\t\r\n" for mark in text):
        raise Unreadable("text_unreadable")
    separator = max(",;\t", key=text.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        rows = [[cell.strip() for cell in row] for row in reader]
    except csv.Error:
        raise Unreadable("text_unreadable") from None
    return _bounded(rows)


def workbook_rows(raw: bytes) -> list[Row]:
    """The first sheet's values; formulas count as what was last computed. Raises Unreadable."""
    check_archive(raw)
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if len(visible) != 1:
            raise Unreadable("workbook_unreadable")  # several sheets: which one is meant is not ours to guess
        visible[0].reset_dimensions()  # what the file says of its own size is not believed
        found = visible[0].iter_rows(values_only=True, max_row=MOST_ROWS + 1)
        return _bounded([[_text(value) for value in row] for row in found])
    except Unreadable:
        raise
    except Exception:
        raise Unreadable("workbook_unreadable") from None  # a library's text may repeat what is in the file


def check_archive(raw: bytes) -> None:
    """A workbook's zip without anything that a workbook has no need of. Raises Unreadable.

    The sizes in the directory may lie, so each member is inflated up to the limit and counted.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
            names = [member.filename for member in members]
            if len(members) > MOST_MEMBERS or len(set(names)) != len(names) or "[Content_Types].xml" not in names:
                raise Unreadable("archive_unsafe")
            left = min(MOST_INSIDE, len(raw) * MOST_RATIO)
            for member in members:
                left -= _inflated(archive, member, left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise Unreadable("archive_unsafe") from None
    except Exception as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("archive_unsafe") from None  # zlib.error and friends


def _inflated(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    name = member.filename
    linked = member.external_attr >> 16 & 0o170000 == 0o120000
    if linked or name.startswith("/") or "\\" in name or ".." in name.split("/") or member.flag_bits & 1:
        raise Unreadable("archive_unsafe")
    if "vbaproject" in name.lower() or "externallinks" in name.lower() or "embeddings" in name.lower():
        raise Unreadable("archive_unsafe")
    with archive.open(member) as stream:
        content = stream.read(left + 1)
    if len(content) > left:
        raise Unreadable("archive_unsafe")
    if name.lower().endswith((".xml", ".rels")) and (b"<!DOCTYPE" in content or b"<!ENTITY" in content):
        raise Unreadable("xml_unsafe")
    return len(content)


def xml_tree(raw: bytes) -> Element:
    """A tree without document types, entities or anything from elsewhere. Raises Unreadable."""
    try:
        root: Element = SafeTree.fromstring(raw, forbid_dtd=True)
    except (DefusedXmlException, SafeTree.ParseError, ValueError, LookupError):
        raise Unreadable("xml_unsafe") from None
    todo, seen = [(root, 1)], 0
    while todo:
        node, depth = todo.pop()
        seen += 1
        if depth > MOST_DEPTH or seen > MOST_NODES:
            raise Unreadable("too_large_inside")
        todo += [(child, depth + 1) for child in node]
    return root


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):  # what a person typed as 0.3 may be stored as 0.30000000000000004
        return f"{value:.6f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _bounded(rows: list[Row]) -> list[Row]:
    if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in rows):
        raise Unreadable("too_large_inside")
    if any(len(cell) > MOST_CELL for row in rows for cell in row):
        raise Unreadable("too_large_inside")
    return rows
