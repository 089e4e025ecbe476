"""A browser's key: proofs (RFC 9449) for the requests of frames, in Flask's client and in httpx."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Generator
from typing import Any
from urllib.parse import urlsplit

import httpx
from flask.testing import FlaskClient
from joserfc import jws
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from app.kernel import clock

ALONE = ("/embed/v1/frame-sessions", "/embed/v1/page-sessions")  # a token is not there yet


class FrameKey:
    """One key pair on P-256; the keyword arguments of `proof` are for tests that prove something else."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256")

    def proof(
        self,
        method: str,
        url: str,
        token: str | None = None,
        *,
        claims: dict[str, Any] | None = None,
        header: dict[str, Any] | None = None,
        key: ECKey | None = None,
    ) -> str:
        ath = base64.urlsafe_b64encode(hashlib.sha256((token or "").encode()).digest()).decode().rstrip("=")
        said: dict[str, Any] = {"htm": method, "htu": url, "iat": int(clock.now().timestamp())}
        said |= {"jti": secrets.token_urlsafe(16), **({"ath": ath} if token else {}), **(claims or {})}
        head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.key.as_dict(private=False), **(header or {})}
        payload = json.dumps({name: value for name, value in said.items() if value is not None})
        return jws.serialize_compact(head, payload, key or self.key, algorithms=["ES256", "ES384", "HS256"])


def _token(authorization: str) -> str | None:
    return authorization.partition(" ")[2] or None


class ProvingClient(FlaskClient):
    """Flask's client as a browser: it proves what it asks of frames, unless a test sends its own DPoP.

    All clients are the same browser, so that several threads may use one frame.
    """

    frame_key = FrameKey()

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        path = urlsplit(arguments[0] if arguments and isinstance(arguments[0], str) else options.get("path", "")).path
        headers = dict(options.get("headers") or {})
        authorization = headers.get("Authorization", "")
        if "DPoP" not in headers and (path in ALONE or authorization.startswith("DPoP ")):
            url = self.application.config["DUKOU"].embed_url + path
            headers["DPoP"] = self.frame_key.proof(options.get("method", "GET"), url, _token(authorization))
            options["headers"] = headers
        return super().open(*arguments, **options)


class Proving(httpx.Auth):
    """The same for httpx."""

    def __init__(self) -> None:
        self.frame_key = FrameKey()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        authorization = request.headers.get("Authorization", "")
        if "DPoP" not in request.headers and (request.url.path in ALONE or authorization.startswith("DPoP ")):
            url = str(request.url.copy_with(query=None))
            claims = {"iat": int(time.time())}
            request.headers["DPoP"] = self.frame_key.proof(request.method, url, _token(authorization), claims=claims)
        yield request
