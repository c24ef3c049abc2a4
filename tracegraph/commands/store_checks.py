"""What the doctor looks at in a store, from the outside in: what is around the file, the file, contents, faults."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tracegraph.clock import now
from tracegraph.commands.progress import watched
from tracegraph.commands.session import Session, reachable
from tracegraph.errors import StoreDamaged, StoreForeign, TracegraphError

if TYPE_CHECKING:
    from tracegraph.stores.port import Store

#: Less free space than this, or than the store itself has, is a problem.
LEAST_FREE = 200 * 1024 * 1024
#: A log larger than this and than the file is not being merged.
LARGE_LOG = 256 * 1024 * 1024
#: Seconds to wait for another process that writes.
PATIENCE = 2.0
#: Faults of one kind that are told one by one.
MOST_FAULTS = 3
#: Instants (microseconds) by which clocks of several machines may differ.
TOLERANCE = 5_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `advice` is empty where all is well; `fatal`: the store cannot be used."""

    name: str
    value: str
    advice: str = ""
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Thoroughness:
    """Whether the contents are checked at all, and down to the payloads; whether progress is shown."""

    contents: bool
    deep: bool
    progress: bool | None


def store_checks(session: Session, wanted: Thoroughness) -> Iterator[Check]:
    """Everything about the store of this session."""
    from tracegraph.stores import shown_url

    yield Check("store", shown_url(session.url))
    try:
        yield from _around(session)
        with session.opened() as store:
            with suppress(StoreDamaged):  # the faults say more
                yield from _contents(session, store)
                yield from _index(session, store)
            yield from _faults(session, store, wanted)
        yield _writing(session)
    except TracegraphError as error:
        yield Check("unusable", type(error).__name__, str(error), fatal=True)


def _around(session: Session) -> Iterator[Check]:
    """The server, or the disk and the file."""
    from tracegraph.stores import file_of_url, is_neo4j

    if is_neo4j(session.url):
        from tracegraph.commands.server_checks import server_checks

        yield from server_checks(session)
    else:
        path = file_of_url(session.url)
        yield from _surroundings(session, path)
        yield from _file(session, path)


def _surroundings(session: Session, path: Path) -> Iterator[Check]:
    """The disk, and what lies beside the file."""
    from tracegraph.stores.sqlite.surroundings import beside, network_of

    folder = path.absolute().parent
    if not folder.is_dir():
        return
    free = shutil.disk_usage(folder).free
    size = path.stat().st_size if path.is_file() else 0
    enough = free > max(LEAST_FREE, size)
    yield Check("free", f"{free // 2**20} MiB", "" if enough else session.say("little_space", folder=folder))
    network = network_of(path)
    if network is not None:
        yield Check("disk", network, session.say("network_disk", kind=network))
    around = beside(path)
    if around.log:
        yield Check("log", f"{around.log} B", _log_advice(session, path, around.log, size))
    if around.journal:
        yield Check("journal", f"{around.journal} B", session.say("journal_left", file=path.name))
    for left in around.unfinished:
        yield Check("unfinished", left.name, session.say("unfinished_left", file=left.name))
    for second in around.second_names:
        yield Check("second_name", second.name, session.say("second_name_left", file=second.name))
    if around.put_aside:
        yield Check("put_aside", ", ".join(one.name for one in around.put_aside))


def _log_advice(session: Session, path: Path, log: int, size: int) -> str:
    """A log is there while a store is used, and after whoever wrote was killed; the next one to open it merges it."""
    if not size:
        return session.say("log_without_store", file=path.name)
    return session.say("large_log", log=log // 2**20) if log > max(LARGE_LOG, size) else ""


def _file(session: Session, path: Path) -> Iterator[Check]:
    """The header of the file."""
    from tracegraph.stores.sqlite.about import facts_of_file, kind_of_file

    try:
        about = facts_of_file(path)
    except StoreForeign:
        kind = kind_of_file(path)
        yield Check("kind", kind, session.say(f"looks_like_{kind}", file=path))
        raise
    yield Check("schema", f"{about.schema_version} ({about.size} B)")
    if about.missing:
        yield Check("truncated", f"{about.missing} B", session.say("truncated", missing=about.missing))


def _contents(session: Session, store: Store) -> Iterator[Check]:
    """How much there is, and whether the clock goes on where the ledger ends."""
    from tracegraph.model.instants import instant_text
    from tracegraph.stores.care import Keepable

    head = store.head()
    yield Check("ledger", f"{head.count}, {head.hash}")
    if isinstance(store, Keepable):
        yield from (Check(name, str(count)) for name, count in store.sizes().items())
    if head.recorded_at is not None and head.recorded_at > now() + TOLERANCE:
        last, here = instant_text(head.recorded_at), instant_text(now())
        yield Check("clock", here, session.say("clock_behind", now=here, last=last))


def _index(session: Session, store: Store) -> Iterator[Check]:
    """How the trace index is: no answer depends on it, but how fast it comes."""
    from tracegraph.stores.care import Keepable

    if not isinstance(store, Keepable):
        return
    condition = store.index_condition()
    size = f"{condition.legs} + {condition.added}, {condition.size // 2**20} MiB"
    state = condition.state.value
    told = state if state == "none" else f"{state} ({size})"
    usable = state in ("none", "current", "behind")
    yield Check("index", told, "" if usable else session.say(f"index_{state}"))


def _faults(session: Session, store: Store, wanted: Thoroughness) -> Iterator[Check]:
    """Each kind of fault with the first sentences, what it means and what to do."""
    from tracegraph.care.verifying import find_faults

    if not wanted.contents:
        yield Check("faults", session.say("not_looked"))
        return
    counts: Counter[str] = Counter()
    first: defaultdict[str, list[str]] = defaultdict(list)
    with watched(session, wanted.progress) as watch:
        for fault in find_faults(store, wanted.deep, watch):
            counts[fault.kind] += 1
            if len(first[fault.kind]) < MOST_FAULTS:
                first[fault.kind].append(fault)
    if not counts:
        yield Check("faults", session.say("no"))
    way_out = "rebuild_it" if "chain" not in counts and _is_readable(store) else "restore_it"
    for kind, count in counts.items():
        told = "; ".join(first[kind]) + ("; ..." if count > MOST_FAULTS else "")
        advice = f"{told}. {session.say(f'explain_{kind}')} {session.say(way_out)}"
        yield Check(f"faults_{kind}", session.counted("fault", count), advice)


def _is_readable(store: Store) -> bool:
    """Whether all of the ledger can be read: then everything else can be made again."""
    try:
        return all(entry.position for entry in store.entries())
    except (TracegraphError, ValueError, TypeError):
        return False


def _writing(session: Session) -> Check:
    """Begin a change and leave it empty: only that shows whether one could be made."""
    try:
        store = _impatient(session)
        try:
            with store.write():
                pass
        finally:
            store.close()
    except TracegraphError as error:
        return Check("writable", session.say("no"), str(error))
    return Check("writable", session.say("yes"))


def _impatient(session: Session) -> Store:
    """The store, opened so that it does not wait long for another process that writes."""
    from tracegraph.stores import file_of_url, is_neo4j

    if is_neo4j(session.url):
        from tracegraph.stores.neo4j import Settings, open_neo4j

        return open_neo4j(reachable(session.url), create=False, settings=Settings(patience=PATIENCE))
    from tracegraph.stores.sqlite import open_sqlite

    return open_sqlite(file_of_url(session.url), create=False, busy_timeout=PATIENCE)
