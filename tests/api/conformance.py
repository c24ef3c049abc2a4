"""schemathesis against a running service: whatever its OpenAPI file allows is asked, and what it forbids.

`python -m tests.api.conformance [--examples 200] [--seed 1] [--store URL]` (`make conformance`) takes as long as the
examples; the tests run the same with few.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

from tests.api.served import Served
from tracegraph import Tracegraph
from tracegraph.access.caller import Role
from tracegraph.clock import now
from tracegraph.examples.food_outbreak import PARTNERS, write
from tracegraph.service.file import ServiceFile
from tracegraph.service.keys import Keys
from tracegraph.service.users import Users

#: What is asked, in this order: the document's own examples, every single constraint, random requests, sequences.
PHASES = "examples,coverage,fuzzing,stateful"
#: Random requests for each operation in a run of the tests; the examples and limits of every parameter come besides.
FEW = 5
#: Addresses that one function makes, with the same parameters (`_offer_events` of api/epcis/browsing.py). A run of the
#: tests looks at the limits of these parameters in one of the six, and at all else in each of them.
ALIKE = "^/epcis/(eventTypes|bizSteps|bizLocations|readPoints|dispositions)/"
ONCE = f"""
[[operations]]
include-path-regex = '{ALIKE}'
phases.coverage.enabled = false
"""

#: Which requests are sent: tests/api/described_bodies.py. The program finds it as this process does.
HOOKS = {"SCHEMATHESIS_HOOKS": "tests.api.described_bodies", "PYTHONPATH": os.pathsep.join(sys.path)}


def conform_briefly(store: str, folder: Path, phases: str = PHASES) -> CompletedProcess[str]:
    """`conform` with few random requests, and limits of the same parameters looked at once."""
    (folder / "schemathesis.toml").write_text(ONCE, encoding="utf-8")
    return conform(store, folder, FEW, phases=phases)


def conform(store: str, folder: Path, examples: int, seed: int = 1, phases: str = PHASES) -> CompletedProcess[str]:
    """Fill the store with the demo, serve it, and run schemathesis on all of it; its report is the output."""
    load_demo(store, folder / "demo")
    service_file = folder / "conformance.service"
    key = administrator(service_file)
    options = (f"--service-file={service_file}", "--rate-limit=off")
    with Served(store, folder, *options) as served:
        return subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", f"{served.address}/openapi.json"),
                *("--header", f"X-API-Key: {key}", "--phases", phases, "--max-examples", str(examples)),
                *("--seed", str(seed), "--continue-on-failure", "--no-color", "--generation-database", "none"),
                *("--suppress-health-check", "all", "--warnings", "off", "--request-timeout", "600"),
            ],
            cwd=folder,
            env={**os.environ, **HOOKS},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )


def load_demo(store: str, folder: Path) -> None:
    """Capture the outbreak of the demo."""
    write(folder)
    with Tracegraph.open(store) as graph:
        graph.capture(folder / PARTNERS, rejects=None)


def administrator(service_file: Path) -> str:
    """The key of one who may do everything."""
    with closing(ServiceFile(service_file)) as file:
        Users(file, now).add("admin", Role.ADMIN)
        return Keys(file, now).create("admin").secret


def main() -> int:
    """Run it at length; the exit status is that of schemathesis."""
    parser = argparse.ArgumentParser(prog="python -m tests.api.conformance", description="schemathesis at length.")
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", help="an empty store (default: a new embedded one)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = chosen.store or f"sqlite:///{folder}/store.db"
        ran = conform(store, Path(folder), chosen.examples, chosen.seed)
    print(ran.stdout)
    return ran.returncode


if __name__ == "__main__":
    sys.exit(main())
