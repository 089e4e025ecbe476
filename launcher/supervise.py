"""One run: servers, migrations, demo, sandbox, web, worker; then watching until somebody asks to stop."""

from __future__ import annotations

import json
import os
import time
from contextlib import ExitStack, suppress
from typing import Any

from launcher.account import CannotStart
from launcher.channels import channels_of
from launcher.children import Child, require_free_port, run_to_end, stop_together, wait_until_ready
from launcher.keys import make_bank_secrets, write_private
from launcher.leftovers import end_leftovers, forget, remember
from launcher.processes import Argv
from launcher.programs import (
    Environment,
    Programs,
    app_environment,
    demo_environment,
    owner_environment,
    sandbox_environment,
)
from launcher.progress import say, step
from launcher.servers import Addresses, Servers
from launcher.settings import LauncherSettings
from launcher.state import State
from launcher.stopping import Stopped, Stopping
from launcher.table import draw, read_demo, rows, staff_card

READY_S = 90.0  # a small, busy machine; the usual is two seconds


class Run:
    """Everything that `make run` starts, stopped in reverse order however it ends."""

    def __init__(self, settings: LauncherSettings, programs: Programs, stopping: Stopping) -> None:
        self.settings, self.programs, self.stopping = settings, programs, stopping
        self.state = State(settings.state)
        self.servers = Servers(settings)
        self.children: list[Child] = []

    def supervise(self) -> None:
        """Returns after a wished stop; raises CannotStart when something did not start or ended by itself."""
        began = time.monotonic()
        with suppress(Stopped), ExitStack() as stack:
            self.take_state(stack)
            stack.callback(self.servers.stop)
            stack.callback(self._stop_children)
            stack.callback(say, "\n  stopping …")
            app = self.prepare(self.servers.start())
            demo = self._start_programs(app)
            say(f"\n  Dukou is ready after {time.monotonic() - began:.1f} s.\n")
            say(draw(rows(self.settings, demo)))
            say("\n" + staff_card(demo["staff"]) + "\n\n  Ctrl-C stops everything.")
            self._watch()
        say("  stopped.")

    def take_state(self, stack: ExitStack) -> None:
        """Hold the state folder, clear what a killed run left, and see that the ports are free."""
        self.state.prepare()
        stack.enter_context(self.state.held_for("run"))
        patience_s = 10 if end_leftovers(self.state) else 0
        require_free_port(self.settings.bind, self.settings.port, "DUKOU_PORT", patience_s)
        require_free_port("127.0.0.1", self.settings.sandbox_port, "DUKOU_SANDBOX_PORT", patience_s)

    def prepare(self, addresses: Addresses) -> Environment:
        """Credentials, keys and migrations; the environment for the application's programs."""
        app = app_environment(os.environ, self.settings, addresses)
        step("credentials", lambda: self._make_credentials(app))
        owner = owner_environment(app, addresses)
        step("migrations", lambda: self._command(self.programs.migrate, owner, "migrate"))
        return app

    def _make_credentials(self, app: Environment) -> None:
        make_bank_secrets(self.state.bank_secrets)
        self._command(self.programs.world, sandbox_environment(app, self.settings), "world")
        world = json.loads(self.state.world.read_text(encoding="utf-8"))
        write_private(self.state.channels, channels_of(world, self.settings.sandbox_url))

    def _start_programs(self, app: Environment) -> dict[str, Any]:
        """The demo's data ask the outside world, as all data do: the sandbox must answer first."""
        sandbox = self._start("sandbox", self.programs.sandbox, sandbox_environment(app, self.settings), grace_s=5)
        self._wait(sandbox, f"{self.settings.sandbox_url}/healthz")
        demo_env = demo_environment(app, self.settings)
        demo = step("demo data", lambda: read_demo(self._command(self.programs.demo, demo_env, "demo")))
        web = self._start("web server", self.programs.web, app, grace_s=33)
        worker = self._start("worker", self.programs.worker, app, grace_s=15)
        self._wait(web, f"{self.settings.web_url}/healthz")
        self._wait(worker, f"{self.settings.web_url}/readyz")
        return demo

    def _start(self, name: str, argv: Argv, env: Environment, grace_s: float) -> Child:
        child = Child(name, argv, env, self.state.logs / f"{name.split()[0]}.log", grace_s)
        child.start()
        self.children.append(child)
        remember(self.state, self.children)
        return child

    def _wait(self, child: Child, url: str) -> None:
        step(child.name, lambda: wait_until_ready(child, url, self.children, self.stopping, READY_S))

    def _command(self, argv: Argv, env: Environment, name: str) -> str:
        return run_to_end(argv, env, self.state.logs / f"{name}.log", self.stopping)

    def _watch(self) -> None:
        while True:
            self.stopping.pause(0.5)
            for ended in (*(child.ended() for child in self.children), self.servers.ended()):
                if ended:
                    raise CannotStart(ended)

    def _stop_children(self) -> None:
        """Web and worker first: they finish what they are at, and that may need the sandbox."""
        stop_together([child for child in self.children if child.name != "sandbox"], self.stopping)
        stop_together([child for child in self.children if child.name == "sandbox"], self.stopping)
        forget(self.state)
