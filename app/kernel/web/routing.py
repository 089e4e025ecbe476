"""Blueprints and OpenAPI documents: one document an audience, errors documented as problem+json."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import EXCLUDE, RAISE, Schema

from app.kernel.web.problems import MEDIA_TYPE, ProblemOut
from app.kernel.web.strict_json import StrictParser

_NO_BODY = {status.phrase for status in HTTPStatus if status < 200 or status in (204, 304)}


class In(Schema):
    """What a caller sends: listed fields only."""

    class Meta:
        unknown = RAISE


class Out(Schema):
    """What we answer: listed fields only; the document leaves room for fields of later versions."""

    class Meta:
        unknown = EXCLUDE
        ordered = True


class Routes(Blueprint):
    """A blueprint whose requests are read strictly."""

    ARGUMENTS_PARSER = StrictParser()
    PAGINATION_ARGUMENTS_PARSER = StrictParser()


class ProblemApi(Api):
    """One OpenAPI document; error handling is `kernel.web.problems`'s."""

    ERROR_SCHEMA = ProblemOut

    def _register_error_handlers(self) -> None:
        """Nothing: of several Api instances the last one's handlers would win."""

    def _register_responses(self) -> None:
        phrases = [(status.name, status.phrase) for status in HTTPStatus] + [("DEFAULT_ERROR", "Any other error")]
        for name, phrase in phrases:
            content: dict[str, Any] = (
                {} if phrase in _NO_BODY else {"content": {MEDIA_TYPE: {"schema": self.ERROR_SCHEMA}}}
            )
            self.spec.components.response(name, {"description": phrase, **content}, lazy=True)


def make_document(app: Flask, name: str, title: str, prefix: str) -> ProblemApi:
    """An OpenAPI 3.1 document served at `{prefix}/openapi.json`."""
    upper = f"{name.upper()}_"
    app.config.update(
        {
            f"{upper}API_TITLE": title,
            f"{upper}API_VERSION": "v1",
            f"{upper}OPENAPI_VERSION": "3.1.0",
            f"{upper}OPENAPI_URL_PREFIX": prefix,
            f"{upper}OPENAPI_JSON_PATH": "openapi.json",
            f"{upper}API_SPEC_OPTIONS": {"servers": [{"url": "/"}]},
        }
    )
    return ProblemApi(app, config_prefix=name)
