"""Small programs in the place of Dukou's own: standard library only, so that they start at once.
`fakes.py world|migrate|demo|work|serve …`; each leaves a note of what it saw of its environment."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NOTES = Path(os.environ.get("FAKE_NOTES", "."))
SEEN = ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "DUKOU_DEMO_WORLD", "SANDBOX_WORLD", "DUKOU_ENV")
BROKEN = os.environ.get("FAKE_BREAKS")


def note(name: str) -> None:
    seen = {key: os.environ[key] for key in SEEN if key in os.environ} | {"pid": os.getpid()}
    half = NOTES / f"{name}.half"
    half.write_text(json.dumps(seen))
    half.rename(NOTES / f"{name}.json")


class Page(BaseHTTPRequestHandler):
    """Answers 200, but /readyz only once the worker has left its note."""

    def do_GET(self) -> None:
        ready = self.path != "/readyz" or (NOTES / "worker.json").exists()
        self.send_response(200 if ready else 503)
        self.end_headers()
        self.wfile.write(b"ok" if ready else b'{"worker": "no heartbeat"}')

    def log_message(self, *_: object) -> None:
        pass


def serve(name: str, port: str) -> None:
    if name == BROKEN:
        sys.exit(f"{name} says why it broke")
    if name == "web" and os.environ.get("FAKE_GRANDCHILD") and os.fork() == 0:  # a web worker deaf to SIGTERM
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        note("grandchild")
        time.sleep(300)
    note(name)
    ThreadingHTTPServer(("127.0.0.1", int(port)), Page).serve_forever()


def work() -> None:
    note("worker")
    time.sleep(float(os.environ.get("FAKE_WORKER_S", "300")))


def demo() -> None:
    note("demo")
    time.sleep(float(os.environ.get("FAKE_DEMO_S", "0")))
    secret = "JBSWY3DPEHPK3PXP"
    uri = f"otpauth://totp/Dukou:first@bank.example?secret={secret}&issuer=Dukou"
    staff = {"email": "first@bank.example", "password": "made-up", "totp_secret": secret, "totp_uri": uri}
    print(json.dumps({"staff": staff}))


def migrate() -> None:
    note("migrate")
    if BROKEN == "migrate":
        sys.exit("The database is of a newer version.")


def world(path: str) -> None:
    if not Path(path).exists():
        shutil.copy(os.environ["FAKE_WORLD"], path)
        Path(path).chmod(0o600)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
