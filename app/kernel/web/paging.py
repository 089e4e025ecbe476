"""Query and answer schemas of paged lists."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from app.kernel.pagination import PageRequest
from app.kernel.web.principal import scope
from app.kernel.web.routing import In, Out


class PageIn(In):
    """Which page of a list."""

    limit = fields.Integer(load_default=20, strict=False, validate=validate.Range(min=1, max=100))
    cursor = fields.String(load_default=None, validate=validate.Length(max=200))


def page_request(query: dict[str, Any], list_name: str) -> PageRequest:
    """The page a caller asked for; its cursors work for this caller and this list only."""
    return PageRequest(limit=query["limit"], cursor=query["cursor"], binding=f"{list_name}:{scope()}")


def page_schema(name: str, item: type[Schema]) -> type[Schema]:
    """`{"items": […], "next_cursor": …}` of one kind of item; `name` is its name in the document."""
    return type(
        name,
        (Out,),
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next_cursor": fields.String(required=True, allow_none=True),
            "__doc__": f"One page of {item.__name__}.",
            "__module__": item.__module__,
        },
    )
