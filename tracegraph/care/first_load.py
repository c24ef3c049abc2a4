"""The first load of a large store into Neo4j: a folder of files for its own import."""

from __future__ import annotations

from pathlib import Path

from tracegraph.errors import InputError, Refused
from tracegraph.stores import needing_driver
from tracegraph.stores.care import keepable
from tracegraph.stores.faults import Watch, unwatched
from tracegraph.stores.port import LedgerHead, Store


def write_first_load(store: Store, folder: Path, watch: Watch = unwatched) -> LedgerHead:
    """Write all that an embedded store holds, its past included, into a new or empty folder; returns how the ledger in
    it ends. `neo4j-admin database import full DATABASE @import.args`, run in the folder, reads it.

    Raises Refused where the folder holds something, InputError where it cannot be written, UsageError for a store on a
    server.
    """
    with needing_driver("export neo4j-import"):
        from tracegraph.stores.neo4j.import_files import write_import
    kept = keepable(store)
    try:
        folder.mkdir(exist_ok=True)
        if any(folder.iterdir()):
            raise Refused(f"the folder {folder} holds something already; name a new one")
        return write_import(kept, folder, watch)
    except OSError as error:
        raise InputError(f"the folder {folder} cannot be written: {error.strerror}; choose another") from None
