"""A customer asks that a person looks at a refusal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from app.credit import schemas, usecases
from app.credit.routes.applications import applications
from app.kernel.web.idempotent import once
from app.kernel.web.principal import customer


@applications.post("/applications/<uuid:application_id>/review")
@applications.arguments(schemas.ReviewIn)
@applications.response(201, schemas.ReviewOut)
def ask_review(body: dict[str, Any], application_id: UUID) -> Response:
    """Ask for a review by a person; asking again gives the same one. 409 `review.not_refused`."""
    who = customer().customer_id
    return once(
        lambda session, _: usecases.request_review(
            session, application_id=application_id, customer_id=who, words=body["words"]
        ),
        schema=schemas.ReviewOut,
        status=201,
        body=body,
    )
