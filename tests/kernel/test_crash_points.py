"""Crash points end a process of a test, once, and are nothing at all anywhere else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.sandbox_process import ROOT

PASS_IT = "from app.kernel.crash_points import reach; reach('here'); reach('here'); print('alive')"


def run(folder, environment):
    env = {name: value for name, value in os.environ.items() if not name.startswith("DUKOU_")}
    env |= {"DUKOU_CRASH_POINTS": str(folder)} | ({"DUKOU_ENV": environment} if environment else {})
    return subprocess.run([sys.executable, "-c", PASS_IT], cwd=ROOT, env=env, capture_output=True, text=True)


def test_an_armed_point_strikes_once(tmp_path):
    (tmp_path / "here").touch()
    struck = run(tmp_path, "test")
    assert (struck.returncode, struck.stdout) == (137, "")
    assert run(tmp_path, "test").stdout == "alive\n"


@pytest.mark.parametrize("environment", ["production", "demo", ""])
def test_outside_tests_an_armed_point_does_nothing(tmp_path, environment):
    (tmp_path / "here").touch()
    assert run(tmp_path, environment).stdout == "alive\n"
    assert (tmp_path / "here").exists()
