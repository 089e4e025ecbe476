"""`python -m launcher run | exec COMMAND … | reset`."""

from __future__ import annotations

import argparse
import io
import os
import sys

from launcher.account import CannotStart
from launcher.commands import execute, reset
from launcher.programs import dukou
from launcher.settings import LauncherSettings
from launcher.stopping import Stopped, Stopping
from launcher.supervise import Run


def main() -> int:
    """0 after a wished stop, 1 with one sentence when something is wrong, else the exit code of the command."""
    arguments = _parser().parse_args()
    for stream in (sys.stdout, sys.stderr):  # a terminal without UTF-8 gets question marks, not a traceback
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        settings = LauncherSettings.from_env(os.environ)
        if arguments.what == "exec":
            return execute(arguments.command, settings, dukou(settings), as_owner=arguments.as_owner)
        if arguments.what == "reset":
            reset(settings)
        else:
            stopping = Stopping()
            stopping.listen()
            Run(settings, dukou(settings), stopping).supervise()
    except CannotStart as problem:
        print(f"\n  {problem}", file=sys.stderr)
        return 1
    except (Stopped, KeyboardInterrupt):
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m launcher", description="Starts and stops Dukou on one machine.")
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("run", help="start everything, stop it with Ctrl-C")
    execute_parser = what.add_parser("exec", help="run a command with the environment of the application")
    execute_parser.add_argument("--as-owner", action="store_true", help="also give it the owner's database address")
    execute_parser.add_argument("command", nargs=argparse.REMAINDER)
    what.add_parser("reset", help="forget everything: empties the state folder")
    return parser


if __name__ == "__main__":
    sys.exit(main())
