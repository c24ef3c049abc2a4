"""Kill the writer again and again: nothing acknowledged is lost, nothing is stored by halves.

A child appends changes of five events with a timeline and prints each position once the change has ended; it is killed
(SIGKILL) at a random moment; the store is then checked. The large run:

    python -m tests.stores.kill_loop --rounds 500
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from random import Random
from threading import Timer

from tests.stores.children import environment
from tracegraph.contract.samples import ACTOR, event, graph_timeline
from tracegraph.stores.port import HoldingQuery
from tracegraph.stores.sqlite import open_sqlite

#: Entries of one change.
SIZE = 5

ROOT = Path(__file__).parents[2]


def write_for_ever(path: Path) -> None:
    """The child: one change after the other, each acknowledged on stdout."""
    store = open_sqlite(path)
    while True:
        with store.write() as writing:
            positions = writing.append([event(f"h{number}", "u") for number in range(SIZE)], 1, ACTOR)
            last = positions[-1]
            writing.replace(last, {"u": graph_timeline("u", [(f"n{last}", f"n{last + 1}", True)])})
        print(last, flush=True)


def kill_once(path: Path, after: float) -> int:
    """Let a child write for so many seconds and kill it; returns the last position that it acknowledged."""
    command = [sys.executable, "-m", "tests.stores.kill_loop", "--write", str(path)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        acknowledged = int(child.stdout.readline())
        timer = Timer(after, child.kill)
        timer.start()
        # the last line may be torn by the kill
        acknowledged = max([acknowledged, *(int(line) for line in child.stdout if line.endswith("\n"))])
        timer.join()
    assert child.returncode == -9, "the child ended before it was killed"
    return acknowledged


def check(path: Path, acknowledged: int) -> int:
    """Everything acknowledged is there, changes are whole, chain and graph are valid; returns the number of entries."""
    with closing(open_sqlite(path, create=False)) as store:
        count = store.head().count
        assert count >= acknowledged, f"{acknowledged} entries were acknowledged, {count} are there"
        assert count % SIZE == 0, f"{count} entries: a change was stored by halves"
        assert list(store.verify()) == []
        assert [row.holding.id for row in store.holdings(HoldingQuery())] == sorted([f"n{count}", f"n{count + 1}"])
        assert len(store.events(units=["u"])) == count
    return count


def run(path: Path, rounds: int, seed: int) -> int:
    """So many rounds on one store; returns the number of entries at the end."""
    random = Random(seed)
    return max(check(path, kill_once(path, random.uniform(0, 0.05))) for _ in range(rounds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, help="be the child that writes to this store")
    arguments = parser.parse_args()
    if arguments.write:
        write_for_ever(arguments.write)
    with tempfile.TemporaryDirectory() as folder:
        count = run(Path(folder) / "store.db", arguments.rounds, arguments.seed)
    print(f"{arguments.rounds} rounds, {count} entries, none lost, none stored by halves")


if __name__ == "__main__":
    main()
