"""The DPoP header of the request at hand."""

from __future__ import annotations

from flask import current_app, request

from app.embed.usecases import Presented


def presented() -> Presented:
    """What the caller proves and what it must be about: this method, this path under one of our own names."""
    settings = current_app.config["DUKOU"]
    urls = {f"{origin}{request.path}" for origin in (settings.embed_url, settings.public_url)}
    return Presented(request.headers.get("DPoP"), request.method, urls)
