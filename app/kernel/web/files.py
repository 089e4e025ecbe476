"""Files as answers: a paper that is set only when the caller has not got it yet, and a table for spreadsheets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Response, request

from app.kernel import cache, crypto, spreadsheets
from app.kernel.typesetting import fingerprint, typeset

PDF = "application/pdf"
KEPT_S = 600
_PURPOSE = "papers"


def pdf_answer(layout: Path, content: Mapping[str, Any], name: str) -> Response:
    """The paper of a content; its ETag comes from the content, so a paper the caller has costs no setting.

    Call it outside a transaction. What was set is kept for ten minutes, sealed: papers hold personal data.
    """
    mark = fingerprint(layout, content)
    if request.if_none_match.contains(mark[:32]):
        return _finished(Response(status=304), mark, name)
    return _finished(Response(_kept(layout, content, mark), mimetype=PDF), mark, name)


def stored_pdf_answer(pdf: bytes, sha256: str, name: str) -> Response:
    """A paper that is kept as it was issued."""
    response = _finished(Response(pdf, mimetype=PDF), sha256, name)
    response.make_conditional(request)
    return response


def csv_answer(table: bytes, name: str) -> Response:
    """A table for spreadsheets, to be saved."""
    response = Response(table, mimetype=spreadsheets.MEDIA_TYPE)
    _finished(response, hashlib.sha256(table).hexdigest(), name, "attachment")
    response.make_conditional(request)
    return response


def _kept(layout: Path, content: Mapping[str, Any], mark: str) -> bytes:
    def made() -> bytes:
        return crypto.seal(typeset(layout, content), _PURPOSE).encode()

    key = f"paper:{mark}"
    try:
        return crypto.unseal(cache.remembered(key, KEPT_S, made).decode(), _PURPOSE)
    except crypto.SealBroken:  # kept under a key that is no longer ours
        return typeset(layout, content)


def _finished(response: Response, mark: str, name: str, shown: str = "inline") -> Response:
    response.set_etag(mark[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = f'{shown}; filename="{name}"'
    return response
