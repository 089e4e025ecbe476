"""The mini-program's preview under /preview: the built pages, and the bank behind the same address.

WeChat would let the mini-program call the bank's domain; a browser only lets it call its own origin, so what the
mini-program asks of the bank comes here and is passed on, and no page of another origin needs to be allowed there.
"""

from __future__ import annotations

from pathlib import Path

import httpx
from flask import Blueprint, Response, abort, redirect, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from sandbox.context import current

blueprint = Blueprint("preview", __name__, url_prefix="/preview")

DIST = Path(__file__).parents[1] / "devkit" / "dist"
OPEN_TO_THE_PHONE = ("customer/v1/", "public/v1/", "embed/v1/mark")
ASKED = ("Accept", "Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "User-Agent")
ANSWERED = ("Content-Type", "Cache-Control", "ETag", "Retry-After", "X-Request-Id")
TIMEOUT_SECONDS = 30.0

_bank = httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False)


@blueprint.get("/")
def frame() -> AnyResponse:
    """The phone in its frame; without a build, how to make one."""
    if not (DIST / "index.html").is_file():
        return Response("Build the preview first: npm ci && npm run build, in devkit/.\n", 503, mimetype="text/plain")
    return file("index.html")


@blueprint.get("")
def without_slash() -> AnyResponse:
    """The pages refer to each other by relative addresses."""
    return redirect("/preview/")


@blueprint.get("/<path:name>")
def file(name: str) -> AnyResponse:
    """One file of the build."""
    return send_from_directory(DIST, name, max_age=0)


@blueprint.route("/bank/<path:path>", methods=["GET", "POST", "PUT", "DELETE"])
def bank(path: str) -> Response:
    """Pass a call of the mini-program on to the bank; 502 when the bank cannot be reached."""
    if not path.startswith(OPEN_TO_THE_PHONE):
        abort(404)
    headers = {name: request.headers[name] for name in ASKED if name in request.headers}
    url = f"{current().bank_url}/{path}"
    try:
        got = _bank.request(request.method, url, params=request.args, content=request.get_data(), headers=headers)
    except httpx.TransportError:
        return Response(status=502)
    answer = Response(got.content, got.status_code)
    answer.headers.update({name: got.headers[name] for name in ANSWERED if name in got.headers})
    return answer
