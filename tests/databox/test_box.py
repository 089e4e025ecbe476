"""Attack set U against the box: each hostile file is refused with its reason, and nothing gets out."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.databox.usecases import read_in_box
from tests.factories import documents as make

TYPES = "[Content_Types].xml"


def archive(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(TYPES, b"<x/>")
        for name, content in members.items():
            made.writestr(name, content)
    return target.getvalue()


def nested_zip() -> bytes:
    inner = archive(a=b"x")
    for _ in range(10):
        inner = archive(a=inner)
    return inner


def linked() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr(TYPES, b"<x/>")
        link = zipfile.ZipInfo("xl/workbook.xml")
        link.external_attr = 0o120777 << 16
        made.writestr(link, b"/etc/passwd")
    return target.getvalue()


def lying() -> bytes:
    """The directory says one byte, the member inflates to a hundred million."""
    raw = bytearray(archive(**{"xl/a.xml": b"0" * 100_000_000}))
    at = raw.rindex(b"PK\x01\x02")
    raw[at + 24 : at + 28] = (1).to_bytes(4, "little")
    return bytes(raw)


def workbook_with_entities() -> bytes:
    sheet = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    return archive(**{"xl/workbook.xml": sheet})


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha">' + b"".join(
    b'<!ENTITY b%d "&b%s;&b%s;">' % (at, str(at - 1 or "").encode(), str(at - 1 or "").encode()) for at in range(1, 30)
) + b"]><EInvoice>&b29;</EInvoice>"
HOSTILE = {
    "zip bomb": (archive(**{"xl/a.xml": b"0" * 200_000_000}), "archive_unsafe"),
    "zip in zip": (nested_zip(), "workbook_unreadable"),
    "many members": (archive(**{f"m{at}": b"" for at in range(5_000)}), "archive_unsafe"),
    "zip slip": (archive(**{"../../etc/x": b"1"}), "archive_unsafe"),
    "absolute name": (archive(**{"/etc/x": b"1"}), "archive_unsafe"),
    "symlink": (linked(), "archive_unsafe"),
    "size lie": (lying(), "archive_unsafe"),
    "macros": (archive(**{"xl/vbaProject.bin": b"1"}), "archive_unsafe"),
    "links out": (archive(**{"xl/externalLinks/a.xml": b"<a/>"}), "archive_unsafe"),
    "no workbook": (archive(a=b"1"), "workbook_unreadable"),
    "cut zip": (archive(a=b"1")[:40], "archive_unsafe"),
    "XXE in a workbook": (workbook_with_entities(), "xml_unsafe"),
    "XXE": (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml_unsafe"),
    "XXE from the net": (b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a/>', "xml_unsafe"),
    "a billion laughs": (LAUGHS, "xml_unsafe"),
    "deep XML": (b'<?xml version="1.0"?>' + b"<a>" * 90_000 + b"</a>" * 90_000, "too_large_inside"),
    "many nodes": (b'<?xml version="1.0"?><a>' + b"<b/>" * 200_000 + b"</a>", "too_large_inside"),
    "other XML": (b'<?xml version="1.0"?><a/>', "invoice_incomplete"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "type_unknown"),
    "HTML": (b"<!doctype html><script>1</script>", "type_unknown"),
    "PDF": (b"%PDF-1.7\n1 0 obj", "type_unknown"),
    "PNG": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "type_unknown"),
    "PostScript": (b"%!PS\n", "type_unknown"),
    "a program": (b"MZ\x90\x00", "type_unknown"),
    "a script": (b"#!/bin/sh\nid\n", "type_unknown"),
    "NUL in a text": (b"a,b\x00,c\n", "type_unknown"),
    "control marks": (b"a,\x1b[31m,c\n", "text_unreadable"),
    "no text": (b"\xff\xfe\xfd\xfc" * 50, "text_unreadable"),
    "many rows": (b"a,b\n" * 100_000, "too_large_inside"),
    "many columns": (b"," * 100_000, "too_large_inside"),
    "a long cell": (b"a" * 100_000 + b",b\n", "too_large_inside"),
    "zip with a script before it": (b"GIF89a" + archive(a=b"1"), "type_unknown"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(name):
    raw, reason = HOSTILE[name]
    assert read_in_box(raw)["refused"] == reason


def test_a_workbook_is_read_where_nothing_can_be_opened():
    flows, opening = make.flows_of(5)
    answer = read_in_box(make.as_workbook(make.plain_pair(flows, opening)))
    assert answer["kind"] == "bank_statement" and answer["fields"]["closing_fen"] == flows[-1][2]


def test_text_that_looks_like_a_formula_stays_text():
    flows, opening = make.flows_of(5, 2)
    rows = make.plain_pair(flows, opening)
    rows[2][4] = '=HYPERLINK("http://x")'
    assert read_in_box(make.as_csv(rows))["fields"]["flows"][0]["counterparty"] == '=HYPERLINK("http://x")'


@pytest.mark.parametrize(("what", "refused"), [("sleeps", "took_too_long"), ("eats", "too_large_inside")])
def test_a_box_that_does_not_come_back_is_ended(what, refused):
    answer = read_in_box(b"x", program=f"tests.databox.box_that_{what}", seconds=6)
    assert answer["refused"] == refused


def test_inside_the_box_no_file_and_no_network_opens():
    answer = read_in_box(b"x", program="tests.databox.box_that_looks_around")
    assert answer["fields"] == {"file": "OSError", "socket": "OSError", "environment": []}
