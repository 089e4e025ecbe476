"""The built files of h5/dist: the script partners include and the pages' own, compressed beforehand, with ETags."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request

from app.kernel.errors import NotFound, Unavailable
from config import brand
from config.settings import current

loader_assets = Blueprint("loader_assets", __name__)

DIST = Path(__file__).parents[2] / "h5" / "dist"
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,80}")
HASHED = re.compile(r"-[A-Za-z0-9_-]{8,}\.(?:js|css)$")
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".ts": "text/plain"}
CODINGS = (("br", ".br"), ("gzip", ".gz"))
FOR_EVER, MOVING = "public, max-age=31536000, immutable", "public, max-age=300"


class NotBuilt(Unavailable):
    """The front end was not built."""

    code = "embed.not_built"


@dataclass(frozen=True)
class WidgetFiles:
    """What the page includes first."""

    script: str
    styles: tuple[str, ...]


def widget_files(page: str = "widgets") -> WidgetFiles:
    """The addresses of a page's own files in the present build: `widgets` or `account`. Raises NotBuilt."""
    manifest = _manifest()[page]
    return WidgetFiles(manifest["script"], tuple(manifest["styles"]))


@loader_assets.get("/embed.js")
def loader() -> Response:
    """The moving script of version 1: five minutes old at most."""
    return _file(DIST / _manifest()["loader"], MOVING)


@loader_assets.get("/integrity.json")
def integrity() -> Response:
    """The pinned script of the present build and its hash, for pages that want to decide themselves when it changes."""
    manifest, host = _manifest(), current().embed_url
    response = jsonify(url=f"{host}/embed/v1/{manifest['loader']}", integrity=manifest["integrity"])
    response.headers["Cache-Control"] = MOVING
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@loader_assets.get("/embed.d.ts")
def types() -> Response:
    """Types of the script, its elements and its events."""
    return _file(DIST / "embed.d.ts", MOVING)


@loader_assets.get("/brand.css")
def brand_colours() -> Response:
    """The steps of the bank's own colour; empty when it is the designed one."""
    response = Response(brand.stylesheet(current().bank.brand_color), mimetype="text/css")
    response.headers["Cache-Control"] = MOVING
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


@loader_assets.get("/<name>.js")
def pinned(name: str) -> Response:
    """A script named by its content: for ever the same, fit for an integrity hash. The mock's name does not say it."""
    return _file(_known(DIST, f"{name}.js"), FOR_EVER if HASHED.search(f"{name}.js") else MOVING)


@loader_assets.get("/assets/<name>")
def asset(name: str) -> Response:
    """Files of the pages."""
    return _file(_known(DIST / "assets", name), FOR_EVER if HASHED.search(name) else MOVING)


def _known(folder: Path, name: str) -> Path:
    path = folder / name
    if not NAME.fullmatch(name) or path.suffix not in TYPES or not path.is_file():
        raise NotFound("There is no such file.")
    return path


def _file(path: Path, caching: str) -> Response:
    try:
        stamp = path.stat().st_mtime_ns
    except OSError as error:
        raise NotBuilt("The front end was not built.") from error
    accepted = request.accept_encodings
    coding = next((name for name, _ in CODINGS if accepted[name] > 0), "")
    content, found = _read(path, coding, stamp)
    response = Response(content, mimetype=TYPES[path.suffix])
    if found:
        response.headers["Content-Encoding"] = found
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = caching
    response.headers["Access-Control-Allow-Origin"] = "*"  # integrity hashes need it; nothing here is anybody's
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(f"{stamp:x}-{found or 'plain'}")
    return response.make_conditional(request)  # type: ignore[return-value]


@cache
def _read(path: Path, coding: str, _stamp: int) -> tuple[bytes, str]:
    """The file as the browser takes it; kept in memory until it changes."""
    packed = path.with_name(path.name + dict(CODINGS).get(coding, ""))
    if coding and packed.is_file():
        return packed.read_bytes(), coding
    return path.read_bytes(), ""


def _manifest() -> dict[str, Any]:
    path = DIST / "manifest.json"
    try:
        return _parsed(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise NotBuilt("The front end was not built: run `make install-run`.") from error


@cache
def _parsed(path: Path, _stamp: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found
