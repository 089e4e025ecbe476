"""A sentence in both languages."""

from __future__ import annotations

from marshmallow import fields

from app.kernel.web.routing import Out


class TextOut(Out):
    """The same words in Chinese and English."""

    zh = fields.String(required=True)
    en = fields.String(required=True)
