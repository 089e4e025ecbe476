"""A process of its own that delivers one message, so that a test can kill it: <database url> <sandbox folder> <id>."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from app.kernel import crypto, db
from app.webhooks import jobs
from config import settings
from tests.sandbox_process import SandboxProcess
from tests.settings import bank_secrets, make_settings

database_url, folder, message_id = sys.argv[1:]
sandbox = SandboxProcess(Path(folder))
sandbox.world = json.loads(sandbox.world_path.read_text())
settings.use(make_settings(database_url, "redis://127.0.0.1:1", sandbox))
crypto.use(bank_secrets())
db.connect(database_url)
jobs.deliver(message_id)
