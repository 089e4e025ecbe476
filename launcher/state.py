"""The state folder: recognised by a mark before anything is written or removed, used by one launcher at a time."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from launcher.account import CannotStart, is_root, make_folder

MARK = "dukou-state"


class InUse(CannotStart):
    """Another launcher holds this state; `holder` is its command, `run` or `exec`."""

    def __init__(self, state: Path, holder: str) -> None:
        self.holder = holder
        what = "Dukou already runs" if holder == "run" else "A Dukou command is at work"
        super().__init__(f"{what} with the state in {state}: stop it first, or set DUKOU_STATE to another folder.")


@dataclass(frozen=True)
class State:
    """Where everything lies that must survive a restart, and nothing else."""

    folder: Path

    @property
    def postgres(self) -> Path:
        """Owned by the server account."""
        return self.folder / "postgres"

    @property
    def valkey(self) -> Path:
        """Owned by the server account."""
        return self.folder / "valkey"

    @property
    def sandbox(self) -> Path:
        """What the outside world remembers."""
        return self.folder / "sandbox"

    @property
    def logs(self) -> Path:
        """One file for each program."""
        return self.folder / "logs"

    @property
    def world(self) -> Path:
        """Both halves of every credential: the vendors' and the bank's."""
        return self.folder / "world.json"

    @property
    def channels(self) -> Path:
        """The bank's half of those credentials."""
        return self.folder / "channels.json"

    @property
    def bank_secrets(self) -> Path:
        """The bank's own keys."""
        return self.folder / "bank-secrets.json"

    @property
    def children(self) -> Path:
        """Which processes run; left behind only by a launcher that was killed."""
        return self.folder / "children.json"

    def prepare(self) -> None:
        """Create the folder, or recognise ours. As root the server account may pass through it, not list it."""
        refuse_foreign(self.folder)
        make_folder(self.folder, 0o711 if is_root() else 0o700)
        try:
            (self.folder / MARK).touch()
        except OSError as error:
            raise CannotStart(f"The folder {self.folder} cannot be written: {error.strerror}.") from error
        for folder in (self.logs, self.sandbox):
            make_folder(folder, 0o700)

    @contextlib.contextmanager
    def held_for(self, purpose: str) -> Iterator[None]:
        """Raises InUse when another launcher holds it; the kernel lets go of the lock when we die."""
        with (self.folder / "lock").open("a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InUse(self.folder, _holder(self.folder / "lock")) from None
            handle.truncate(0)
            handle.write(purpose)
            handle.flush()
            yield

    def empty(self) -> None:
        """Remove everything in it, mark last, so that a removal that was cut short can be repeated."""
        for path in self.folder.iterdir():
            if path.name == MARK:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        (self.folder / MARK).unlink()


def refuse_foreign(folder: Path) -> None:
    """A folder with somebody's files in it is never used, hence never emptied."""
    try:
        occupied = folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists()
    except OSError as error:
        raise CannotStart(f"The folder {folder} cannot be used: {error.strerror}.") from error
    if occupied:
        raise CannotStart(f"{folder} holds files that are not Dukou's: set DUKOU_STATE to an empty or new folder.")


def _holder(lock: Path) -> str:
    """The holder writes its purpose right after taking the lock."""
    for _ in range(20):
        if purpose := lock.read_text():
            return purpose
        time.sleep(0.02)
    return "run"
