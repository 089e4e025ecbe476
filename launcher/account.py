"""Which account the embedded servers run under, and the folders that account can enter."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Any

ROOT_HOME = Path("/var/lib/dukou")  # as root: outside /root, whose mode 0700 would lock `nobody` out
SERVER_ACCOUNT = "nobody"
LONGEST_SOCKET_FOLDER = 85  # a unix socket's path holds 103 bytes (macOS) and its name takes up to 14


class CannotStart(RuntimeError):
    """One sentence for a person: what is wrong and what to do about it."""


def is_root() -> bool:
    """Whether the servers must drop to another account."""
    return os.geteuid() == 0


def server_process(folder: Path) -> dict[str, Any]:
    """Arguments for `Popen`: as `nobody` when we are root, in a folder that account can enter, and with an environment
    of our own, so that no PGHOST, LANG or secret from outside reaches a server."""
    env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": str(folder)}
    kwargs: dict[str, Any] = {"cwd": folder, "env": env, "start_new_session": True}
    if is_root():
        account = pwd.getpwnam(SERVER_ACCOUNT)
        kwargs |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return kwargs


def default_state(clone: Path) -> Path:
    """A user's state lies in the clone; root's lies where `nobody` can reach it, one folder for each clone."""
    if not is_root():
        return clone / ".state"
    return ROOT_HOME / hashlib.sha256(str(clone.resolve()).encode()).hexdigest()[:12]


def make_folder(folder: Path, mode: int) -> None:
    """Create a folder with exactly this mode, whatever the umask; parents that are missing become enterable."""
    missing = [parent for parent in reversed(folder.parents) if not parent.exists()]
    try:
        for parent in missing:
            parent.mkdir(exist_ok=True)
            parent.chmod(0o755)
        folder.mkdir(exist_ok=True)
        folder.chmod(mode)
    except OSError as error:
        raise CannotStart(f"The folder {folder} cannot be written: {error.strerror}.") from error


def make_server_folder(folder: Path) -> Path:
    """A private folder of the server account; refuses one that somebody else prepared or that it cannot enter."""
    if folder.is_symlink():
        raise CannotStart(f"{folder} is a link; the servers need a folder of their own.")
    make_folder(folder, 0o700)
    if is_root():
        account = pwd.getpwnam(SERVER_ACCOUNT)
        if folder.stat().st_uid not in (0, account.pw_uid):
            raise CannotStart(f"{folder} belongs to another user; remove it or set DUKOU_STATE to another folder.")
        os.chown(folder, account.pw_uid, account.pw_gid)
    probe = ["test", "-w", str(folder), "-a", "-x", str(folder)]
    if subprocess.run(probe, check=False, **server_process(Path("/"))).returncode != 0:
        raise CannotStart(
            f"Running as root, the servers run as '{SERVER_ACCOUNT}', who cannot enter {folder}: "
            f"set DUKOU_STATE to a folder outside a private home, such as {ROOT_HOME}."
        )
    return folder


def socket_folder(folder: Path) -> Path:
    """Where a server in `folder` puts its socket: there, or in a short private folder when the path is too long."""
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    short = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"dukou-{os.geteuid()}-{short}"


def drop_socket_folder(folder: Path) -> None:
    """After the stop: a short socket folder goes once its last server has left it."""
    if (short := socket_folder(folder)) != folder:
        with contextlib.suppress(OSError):
            short.rmdir()


def readable_copy(source: Path, name: str) -> Path:
    """As root, copy programs once to where `nobody` can read them; as a user, run them where they are."""
    if not is_root():
        return source
    target = ROOT_HOME / "bin" / name
    if target.exists():
        return target
    make_folder(target.parent, 0o755)
    half = target.with_name(f"{target.name}.{os.getpid()}")
    if source.is_dir():
        shutil.copytree(source, half, symlinks=True, dirs_exist_ok=True)
    else:
        shutil.copy2(source, half)
    for path in (half, *half.rglob("*")):  # a umask of 077 at installation must not lock the server account out
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if path.is_dir() or mode & stat.S_IXUSR else 0))
    try:
        half.rename(target)  # atomic: a copy that was cut short is never used
    except OSError:  # another process was first
        shutil.rmtree(half, ignore_errors=True)
    return target
