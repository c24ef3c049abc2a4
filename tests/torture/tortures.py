"""All tortures, and how many rounds of each `make torture` makes."""

from __future__ import annotations

from tests.torture.damage import cut_tails, damaged_files
from tests.torture.kill_capture import killed_in_capture
from tests.torture.rounds import Torture

TORTURES = {
    torture.name: torture
    for torture in [
        Torture("killed_in_capture", "1", killed_in_capture, rounds=500),
        Torture("damaged_files", "3", damaged_files, rounds=2000, unit="files"),
        Torture("cut_tails", "2", cut_tails, rounds=300, unit="files"),
    ]
}
