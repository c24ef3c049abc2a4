"""Hostile input for the importer, identifiers and the command line: accepted, or refused with a typed error and a
position.

No other exception, no traceback, no partial write, bounded memory; what is accepted can be read again from the ledger.
"""

from __future__ import annotations

import io
import resource
import time
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import lru_cache
from pathlib import Path
from random import Random

from tests.torture.mutators import mutated_bytes, mutated_json, mutated_text
from tests.torture.stories import answers_of, opened_at, state_of, steady_clock, url_of
from tracegraph import cli
from tracegraph.errors import InputError, TracegraphError
from tracegraph.formats.epcis import AcceptedEvent, AcceptedMasterData, Rejected, facts_of_payload, read
from tracegraph.identifiers import canonical, location, parse, party, product_of, to_epc_urn, unit_kind
from tracegraph.identifiers.reading import parse_slowly

CORPUS = Path(__file__).parent / "corpus"

#: Inputs of one round.
DOCUMENTS, CAPTURES, IDENTIFIERS, COMMANDS = 100, 50, 500, 50

#: Seconds of processor time that one input may take. One that never ends is for the watchdog of the round.
LONGEST = 10

#: Bytes of address space that a process may have.
MEMORY = 3 << 30


@lru_cache
def documents() -> list[bytes]:
    """The documents of the corpus."""
    return [path.read_bytes() for path in sorted(CORPUS.iterdir()) if path.suffix != ".txt"]


@lru_cache
def identifiers() -> list[str]:
    """The identifiers of the corpus."""
    return (CORPUS / "identifiers.txt").read_text(encoding="utf-8").splitlines()


def hostile(chance: Random) -> bytes:
    """A mutated document."""
    change = chance.choice([mutated_bytes, mutated_json])
    return change(chance, chance.choice(documents()), documents())


def fuzzed_documents(chance: Random, folder: Path) -> Counter[str]:
    """The reader gives pieces, whatever the bytes."""
    return each_input(DOCUMENTS, lambda: hostile(chance), lambda data: read_as_pieces(data, chance.random() < 0.3))


def read_as_pieces(data: bytes, strict: bool) -> str:
    """What became of the pieces: every rejected one has its position, every accepted one is the same from the
    ledger."""
    kinds = set()
    for piece in read(io.BytesIO(data), strict=strict):
        kinds.add(type(piece).__name__)
        if isinstance(piece, Rejected):
            assert piece.reason.startswith("standard input")
            assert piece.position.line >= 1
            if not data.startswith(b"\x1f\x8b"):
                assert data[piece.position.offset :].startswith(piece.data.read())
        elif isinstance(piece, AcceptedEvent):
            assert facts_of_payload(piece.entry_payload) == piece.facts
        else:
            assert isinstance(piece, AcceptedMasterData)
    return "refused" if kinds == {"Rejected"} else "imported in part" if "Rejected" in kinds else "imported"


def fuzzed_captures(chance: Random, folder: Path) -> Counter[str]:
    """Files captured one after the other into one store, which stays valid and answers."""
    with steady_clock(), opened_at(folder) as graph:
        path = folder / "input"

        def captured(data: bytes) -> str:
            path.write_bytes(data)
            before, strict = graph.store.head(), chance.random() < 0.3
            try:
                report = graph.capture(path, rejects=None, strict=strict)
            except InputError:
                assert graph.store.head() == before
                return "refused"
            grown = graph.store.head().count - before.count
            assert grown == report.accepted + report.master_data or report.master_data, (grown, report)
            return "imported in part" if report.rejected else "imported"

        outcomes = each_input(CAPTURES, lambda: hostile(chance), captured)
        assert list(graph.verify()) == []
        kept = state_of(graph.store)
        answers_of(graph)
    with opened_at(folder, create=False) as graph:
        assert state_of(graph.store) == kept
    return outcomes


def fuzzed_identifiers(chance: Random, folder: Path) -> Counter[str]:
    """Any text has one key, whichever way it is read, and its key has itself."""

    def hostile_text() -> bytes:
        return mutated_text(chance, chance.choice(identifiers())).encode("utf-8", "surrogatepass")

    return each_input(IDENTIFIERS, hostile_text, read_as_identifier)


def read_as_identifier(data: bytes) -> str:
    """What the text identifies."""
    text = data.decode("utf-8", "surrogatepass")
    found = parse(text)
    assert found == parse_slowly(text)
    assert canonical(text) == found.key
    assert canonical(found.key) == found.key
    for function in (location, party, product_of, to_epc_urn, unit_kind):
        function(text if function in (location, party) else found.key)
    return "opaque" if found.scheme == "opaque" else "with problems" if found.problems else "imported"


#: Exit statuses that the interface allows for input that is wrong in any way.
ALLOWED = {0, 1, 2, 3, 5}


def fuzzed_commands(chance: Random, folder: Path) -> Counter[str]:
    """`capture` of hostile files and `trace` of hostile identifiers: an exit status of the interface, no traceback."""
    path = folder / "input"
    with steady_clock():

        def commanded(data: bytes) -> str:
            path.write_bytes(data)
            more = chance.choice([[], ["--strict"], ["--lang", "zh"]])
            status = called(folder, "capture", *more, "--rejects", str(folder / "rejects"), str(path))
            text = chance.choice(identifiers())
            text = mutated_text(chance, text).replace("\0", "") if chance.random() < 0.7 else text
            if not (folder / "store.db").exists():
                return f"capture {status}"
            way = chance.choice(["forward", "backward"])
            return f"capture {status}, trace {called(folder, 'trace', way, '--format', 'json', '--', text)}"

        outcomes = each_input(COMMANDS // 2, lambda: hostile(chance), commanded)
    if (folder / "store.db").exists():
        with opened_at(folder, create=False) as graph:
            assert list(graph.verify()) == []
    return outcomes


def called(folder: Path, *arguments: str) -> int:
    """The exit status of one call of the command line."""
    words = io.BytesIO()
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.TextIOWrapper(words, encoding="utf-8")
    with redirect_stdout(out), redirect_stderr(err):
        status = cli.main(["--store", url_of(folder), *arguments])
    err.flush()
    said = words.getvalue().decode("utf-8", "replace")
    assert status in ALLOWED, f"exit status {status}: {said}"
    assert "Traceback" not in said, said
    assert not status or said.strip(), "a failure that says nothing"
    return status


def each_input(count: int, make: Callable[[], bytes], look: Callable[[bytes], str]) -> Counter[str]:
    """So many inputs looked at; the one that fails is part of the error."""
    limit_memory()
    outcomes: Counter[str] = Counter()
    for number in range(count):
        data = make()
        begin = time.process_time()
        try:
            outcomes[look(data)] += 1
            used = time.process_time() - begin
            assert used < LONGEST, f"{used:.1f} s of processor time"
        except TracegraphError as error:
            raise AssertionError(f"input {number} is refused without a position: {data!r}") from error
        except Exception as error:
            raise AssertionError(f"input {number}: {data!r:.5000}") from error
    return outcomes


def limit_memory() -> None:
    """This process may not have more than MEMORY."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, most))
