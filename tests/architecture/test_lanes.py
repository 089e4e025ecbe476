"""No folder of tests is forgotten when they run side by side."""

from __future__ import annotations

from scripts.lanes import CHECKED_BEFORE, ROOT, lanes


class TestLanes:
    def test_every_test_file_runs_in_exactly_one_lane(self) -> None:
        folders = [folder for lane in lanes(ROOT / "tests").values() for folder in lane]
        assert len(folders) == len(set(folders))
        for file in (ROOT / "tests").glob("**/test_*.py"):
            folder = file.relative_to(ROOT / "tests").parts[0]
            assert f"tests/{folder}" in folders or folder in CHECKED_BEFORE, f"{file} runs in no lane"

    def test_both_lanes_have_work(self) -> None:
        assert all(lanes(ROOT / "tests").values())
