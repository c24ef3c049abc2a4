"""What is around a store: the disk that it is on, and what lies beside it. For diagnosis; nothing is changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tracegraph.stores.sqlite.replacing import left_behind

#: File systems over a network, on which SQLite's log cannot be shared (sqlite.org, "Write-Ahead Logging").
_NETWORK = frozenset(
    {"9p", "afs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "nfs", "nfs4", "prl_fs", "smb3", "smbfs", "vboxsf"}
    | {"fuse.davfs2", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "virtiofs"}
)
_PUT_ASIDE = re.compile(r"\.(before-restore|before-rebuild|version-\d+)(-\d+)?$")


def network_of(path: Path, mounts: Path = Path("/proc/self/mounts")) -> str | None:
    """The kind of network file system that a file is on; None for another disk, and where the system does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    fields = [line.split() for line in lines]
    kinds = {Path(one[1].replace("\\040", " ")): one[2] for one in fields if len(one) > 2}
    here = path.absolute()
    kind = next((kinds[folder] for folder in (here, *here.parents) if folder in kinds), "")
    return kind if kind in _NETWORK else None


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside a store: bytes of its log and of a journal, files that killed processes did not finish, files
    that were put aside by restore, rebuild and migrate, and second names of the store itself."""

    log: int
    journal: int
    unfinished: list[Path]
    put_aside: list[Path]
    second_names: list[Path]


def beside(path: Path) -> Beside:
    """Look at the names in the folder of a store."""
    folder = path.absolute().parent
    names = [one for one in folder.iterdir() if one.name.startswith(path.name)] if folder.is_dir() else []
    put_aside = sorted(one for one in names if _PUT_ASIDE.fullmatch(one.name.removeprefix(path.name)))
    second = [one for one in put_aside if path.exists() and one.samefile(path)]
    return Beside(
        log=_size(f"{path}-wal"),
        journal=_size(f"{path}-journal"),
        unfinished=left_behind(folder) if names else [],
        put_aside=[one for one in put_aside if one not in second],
        second_names=second,
    )


def _size(path: str) -> int:
    file = Path(path)
    return file.stat().st_size if file.is_file() else 0
