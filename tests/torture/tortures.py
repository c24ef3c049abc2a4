"""All tortures, and how many rounds of each `make torture` makes."""

from __future__ import annotations

from tests.torture.damage import cut_tails, damaged_files
from tests.torture.fuzz import (
    CAPTURES,
    COMMANDS,
    DOCUMENTS,
    IDENTIFIERS,
    fuzzed_captures,
    fuzzed_commands,
    fuzzed_documents,
    fuzzed_identifiers,
)
from tests.torture.fuzz_tables import TABLES, fuzzed_tables
from tests.torture.kill_capture import killed_in_capture, killed_in_long_capture
from tests.torture.kill_care import (
    killed_in_backup,
    killed_in_compact,
    killed_in_index,
    killed_in_migration,
    killed_in_rebuild,
    killed_in_restore,
)
from tests.torture.kill_notices import killed_in_notices
from tests.torture.kill_server import killed_server
from tests.torture.machine import STORIES_TOLD, careful_acts, careless_acts
from tests.torture.rounds import Torture
from tests.torture.troubles import clock_jumps, full_disk, several_at_once

TORTURES = {
    torture.name: torture
    for torture in [
        Torture("killed_in_capture", "1", killed_in_capture, rounds=500),
        Torture("killed_in_long_capture", "1", killed_in_long_capture, rounds=40),
        Torture("killed_in_index", "1", killed_in_index, rounds=40),
        Torture("killed_in_migration", "1", killed_in_migration, rounds=40),
        Torture("killed_in_backup", "1", killed_in_backup, rounds=40),
        Torture("killed_in_restore", "1", killed_in_restore, rounds=40),
        Torture("killed_in_compact", "1", killed_in_compact, rounds=40),
        Torture("killed_in_rebuild", "1", killed_in_rebuild, rounds=40),
        Torture("killed_in_notices", "1", killed_in_notices, rounds=200),
        Torture("killed_server", "1", killed_server, rounds=20, patience=1800),
        Torture("damaged_files", "3", damaged_files, rounds=2000, unit="files"),
        Torture("cut_tails", "2", cut_tails, rounds=200, unit="files"),
        Torture("careful_acts", "4", careful_acts, 40, "stories", STORIES_TOLD),
        Torture("careless_acts", "4", careless_acts, 40, "stories", STORIES_TOLD),
        Torture("full_disk", "trouble", full_disk, rounds=80),
        Torture("clock_jumps", "trouble", clock_jumps, rounds=40),
        Torture("several_at_once", "trouble", several_at_once, rounds=30),
        Torture("fuzzed_documents", "6", fuzzed_documents, 620, "documents", DOCUMENTS),
        Torture("fuzzed_identifiers", "6", fuzzed_identifiers, 60, "identifiers", IDENTIFIERS),
        Torture("fuzzed_captures", "6", fuzzed_captures, 120, "files", CAPTURES),
        Torture("fuzzed_tables", "6", fuzzed_tables, 100, "files", TABLES),
        Torture("fuzzed_commands", "6", fuzzed_commands, 40, "commands", COMMANDS),
    ]
}
