"""What a killed launcher left behind is ended by number and start time, never by number alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from launcher.children import Child
from launcher.leftovers import began, end_leftovers, remember
from launcher.state import State


@pytest.fixture
def child(tmp_path: Path) -> Child:
    """A program that runs until it is ended."""
    it = Child("sleeper", [sys.executable, "-c", "import time; time.sleep(300)"], {}, tmp_path / "log")
    it.start()
    return it


def test_a_leftover_is_ended_and_forgotten(tmp_path: Path, child: Child) -> None:
    remember(State(tmp_path), [child])
    assert end_leftovers(State(tmp_path)) is True
    assert began(child.process.pid) is None
    child.process.wait()
    assert end_leftovers(State(tmp_path)) is False


def test_a_number_that_was_given_to_another_program_is_spared(tmp_path: Path, child: Child) -> None:
    State(tmp_path).children.write_text(json.dumps({str(child.process.pid): "another time"}))
    assert end_leftovers(State(tmp_path)) is True
    assert child.process.poll() is None
    child.process.kill()
    child.process.wait()


def test_a_list_that_was_cut_short_is_no_obstacle(tmp_path: Path) -> None:
    State(tmp_path).children.write_text('{"12')
    assert end_leftovers(State(tmp_path)) is True


def test_no_process_began_at_no_time() -> None:
    assert began(2**22 + 1) is None
