"""`python -m tests.launcher.fake_programs run | exec …`: the launcher itself, with the small programs of fakes.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from launcher.account import CannotStart
from launcher.commands import execute
from launcher.processes import Argv
from launcher.programs import Programs
from launcher.settings import LauncherSettings
from launcher.state import State
from launcher.stopping import Stopping
from launcher.supervise import Run


def fakes(settings: LauncherSettings) -> Programs:
    """Without site-packages: they need nothing and start faster."""
    fake: Argv = [sys.executable, "-S", Path(__file__).with_name("fakes.py")]
    return Programs(
        world=[*fake, "world", State(settings.state).world],
        migrate=[*fake, "migrate"],
        demo=[*fake, "demo"],
        sandbox=[*fake, "serve", "sandbox", str(settings.sandbox_port)],
        web=[*fake, "serve", "web", str(settings.port)],
        worker=[*fake, "work"],
    )


def main(what: str, *arguments: str) -> int:
    settings = LauncherSettings.from_env(os.environ)
    if what == "exec":
        return execute(arguments, settings, fakes(settings), as_owner=False)
    stopping = Stopping()
    stopping.listen()
    Run(settings, fakes(settings), stopping).supervise()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except CannotStart as problem:
        sys.exit(str(problem))
