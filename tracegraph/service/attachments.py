"""Attached files: kept beside the store under the hash of what is in them, each once, written whole or not at all.

The file with the hash `sha256:abcd...` is `ab/cd...` in the folder. Its hash, name, media type and size stand in the
ledger (the move `attach`), so that a file that was changed or lost is found. The folder belongs to every backup.
An erased file leaves a note of its own, `ab/cd....erased`, so that it is not taken for lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from mimetypes import MimeTypes
from pathlib import Path
from typing import BinaryIO

from tracegraph.errors import InputError, InvalidField, UnknownIdentifier, UsageError
from tracegraph.intake.recalling import Acted, Actor, act
from tracegraph.recall.case.casefile import CaseFile, case_files
from tracegraph.recall.case.evidence import ATTACH, HASH, Attached, attached_files
from tracegraph.service.file import beside
from tracegraph.stores.port import Reading, Store
from tracegraph.stores.sqlite.boundary import map_system_errors
from tracegraph.stores.sqlite.replacing import flush, put_in_place, unfinished

#: What an unknown kind of file is: bytes (RFC 2046, 4.5.1).
BYTES = "application/octet-stream"
#: The ending of the folder beside a store; see tracegraph.service.file.beside.
ENDING = ".files"

_PORTION = 1 << 20
_MOST_CHARACTERS = 255
_ERASED = ".erased"
#: Kinds that Python does not know in every version (IANA media types).
_KINDS = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".eml": "message/rfc822",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the folder: its hash, its size in bytes, and whether it was not there before."""

    hash: str
    size: int
    new: bool


class Attachments:
    """The attached files of one store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, source: BinaryIO) -> StoredFile:
        """Keep what is in a file; StoreError where the disk does not take it."""
        with map_system_errors(str(self.folder)):
            self.folder.mkdir(mode=0o700, exist_ok=True)
            with unfinished(self.folder / "incoming") as new:
                digest, size = _copied(source, new)
                place = self._place(f"sha256:{digest}")
                known = self._is_whole(place, digest)
                if not known:
                    place.parent.mkdir(mode=0o700, exist_ok=True)
                    put_in_place(new, place)
                    flush(self.folder)
                place.with_name(f"{place.name}{_ERASED}").unlink(missing_ok=True)
        return StoredFile(f"sha256:{digest}", size, not known)

    def path(self, name: str) -> Path:
        """Where the file of a hash is. UsageError where it is no hash, UnknownIdentifier where there is none."""
        place = self._place(name)
        if not place.is_file():
            why = "was erased" if self.is_erased(name) else "is not in the folder of attached files"
            raise UnknownIdentifier(f"the file {name} {why}; attach it again", name)
        return place

    def erase(self, name: str) -> bool:
        """Remove a file; whether it was there. Its hash, name and size stay in the ledger."""
        place = self._place(name)
        there = place.is_file()
        with map_system_errors(str(place)):
            if there:
                place.with_name(f"{place.name}{_ERASED}").touch(mode=0o600)
                place.unlink()
                flush(place.parent)
        return there

    def is_erased(self, name: str) -> bool:
        """Whether it was there, and was erased."""
        place = self._place(name)
        return place.with_name(f"{place.name}{_ERASED}").exists()

    def fault(self, file: Attached) -> str:
        """What is wrong with an attached file, as a sentence; empty where nothing is, or it was erased."""
        place = self._place(file.hash)
        told = f"the file {file.name!r} ({file.hash}), attached to case {file.move.case}"
        if not place.is_file():
            lost = f"{told}, is missing from {self.folder}; copy it there from a backup, or attach it again"
            return "" if self.is_erased(file.hash) else lost
        if self._is_whole(place, file.hash.removeprefix("sha256:")):
            return ""
        return f"{told}, was changed in {self.folder}; copy it there from a backup, or attach it again"

    def unnamed(self, named: Iterable[Attached]) -> list[str]:
        """The hashes of files that no move attached: somebody was stopped in between. They do no harm."""
        hashes = {one.hash for one in named}
        kept = (f"sha256:{one.parent.name}{one.name}" for one in sorted(self.folder.glob("??/*")))
        return [name for name in kept if HASH.fullmatch(name) and name not in hashes]

    def copy_to(self, folder: Path) -> int:
        """Copy every file into another folder, beside a backup; returns how many are in it. InputError for a changed
        one: a backup must not pass it on."""
        other = Attachments(folder)
        count = 0
        for place in sorted(self.folder.glob("??/*")):
            name = f"sha256:{place.parent.name}{place.name}"
            if HASH.fullmatch(name):
                with place.open("rb") as file:
                    if other.put(file).hash != name:
                        raise InputError(f"the attached file {place} was changed; restore it before the backup")
                count += 1
        return count

    def _place(self, name: str) -> Path:
        if not HASH.fullmatch(name):
            raise UsageError(f"{name!r} is no hash of a file; give sha256: and 64 digits")
        digest = name.removeprefix("sha256:")
        return self.folder / digest[:2] / digest[2:]

    def _is_whole(self, place: Path, digest: str) -> bool:
        if not place.is_file():
            return False
        with place.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest


def attach(
    store: Store,
    files: Attachments,
    case: str,
    source: BinaryIO,
    name: str,
    recorded_at: int,
    actor: Actor,
    media: str = "",
    about: str = "",
    reason: str = "",
    key: str = "",
    seen: int | None = None,
) -> Acted:
    """Keep a file and attach it to a case. `name`: what people call it, without a folder; `about`: the units, events,
    notices and moves that it is about, separated by semicolons. Errors: those of `act`; InvalidField for the name.
    """
    stored = files.put(source)
    fields = {
        "hash": stored.hash,
        "name": _file_name(name),
        "media": media or media_type(name),
        "size": str(stored.size),
        "about": about,
    }
    return act(store, case, ATTACH, fields, recorded_at, actor, reason, None, key, seen)


def files_beside(url: str) -> Attachments:
    """The attached files of the store at a URL."""
    return Attachments(beside(url, ENDING))


def carry(origin: str, target: str) -> int:
    """Copy the attached files of one store to where another one, a backup of it or made from it, has them; returns how
    many there are then. InputError for a file that was changed."""
    return files_beside(origin).copy_to(beside(target, ENDING))


def attachment_faults(store: Reading, files: Attachments) -> Iterator[str]:
    """A sentence for each file that a case names and that is missing or was changed, case by case."""
    for case in case_files(store):
        told = {one.hash: files.fault(one) for one in of_case(case)}
        yield from filter(None, told.values())


def of_case(case: CaseFile) -> tuple[Attached, ...]:
    """The files attached to a case."""
    return attached_files(case.moves)


def media_type(name: str) -> str:
    """The media type by the ending of a file's name, the same on every machine."""
    known = MimeTypes().guess_type(name)[0]
    return known or _KINDS.get(Path(name).suffix.casefold(), BYTES)


def _file_name(name: str) -> str:
    if not name.strip() or len(name) > _MOST_CHARACTERS or not name.isprintable() or set(name) & set("/\\"):
        raise InvalidField(
            f"attach: name {name[:_MOST_CHARACTERS]!r} is no name of a file; give one without folders", "name"
        )
    return name.strip()


def _copied(source: BinaryIO, new: Path) -> tuple[str, int]:
    """Copy to a new file; the digest and the size of what was read."""
    digest, size = hashlib.sha256(), 0
    with new.open("xb") as file:
        while portion := source.read(_PORTION):
            digest.update(portion)
            size += len(portion)
            file.write(portion)
    return digest.hexdigest(), size
