"""Dukou's backend: `create_app` builds the Flask application and is the only thing to import from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config.settings import Settings


def create_app(settings: Settings) -> Flask:
    """Build the web application from its settings.

    Imports happen inside, so that `import app.engine` loads neither Flask nor SQLAlchemy.
    """
    from app.api import build

    return build(settings)
