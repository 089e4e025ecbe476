"""A bank that listens on a port, a partner with a key, and the SDKs as a stranger would have them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.serving import make_server

from tests.factories.partners import Signer, make_partner

ROOT = Path(__file__).parents[2]
PYTHON_SDK, TYPESCRIPT_SDK = ROOT / "sdk" / "python", ROOT / "sdk" / "typescript"
TSC = ROOT / "h5" / "node_modules" / ".bin" / "tsc"
sys.path.insert(0, str(PYTHON_SDK))  # as `pip install` would; the application itself may not import it


@dataclass(frozen=True)
class Bank:
    """Where the bank listens, and a partner of it."""

    url: str
    partner: Signer
    private_pem: str


@pytest.fixture
def bank(app: Flask, committed: sessionmaker[Session]) -> Iterator[Bank]:
    """The application behind a socket, on a database of its own."""
    url: str = app.config["DUKOU"].public_url
    with committed() as session:
        partner = make_partner(session)
    server = make_server("127.0.0.1", urlsplit(url).port or 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    pem = partner.private_key.private_bytes(  # type: ignore[union-attr]
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    yield Bank(url, partner, pem.decode())
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled TypeScript SDK with its examples beside it."""
    if not TSC.exists():
        pytest.skip("h5 is not installed")
    folder = tmp_path_factory.mktemp("typescript")
    (folder / "package.json").write_text('{"type": "module"}')
    subprocess.run([TSC, "-p", TYPESCRIPT_SDK, "--outDir", folder / "dist"], check=True)
    (folder / "examples").mkdir()
    for example in (TYPESCRIPT_SDK / "examples").glob("*.mjs"):
        (folder / "examples" / example.name).write_text(example.read_text())
    return folder


@pytest.fixture
def node(typescript: Path) -> Callable[..., Any]:
    """`node(script, **given)` runs a module that finds `given` in `input` and answers what it returns."""

    def run(script: str, **given: Any) -> Any:
        whole = (
            "import * as sdk from './dist/index.js';\n"
            f"const input = {json.dumps(given)};\n"
            f"const result = await (async () => {{{script}}})();\n"
            "process.stdout.write(JSON.stringify(result ?? null));\n"
        )
        path = typescript / "run.mjs"
        path.write_text(whole)
        done = subprocess.run(["node", path], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
