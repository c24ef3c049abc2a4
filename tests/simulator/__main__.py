"""python -m tests.simulator: simulate worlds, ask the command line about each, print what was wrong and what was met.

Exit status 1 on any wrong trace, or when a row of custody-graph.md never occurred.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import tempfile
from pathlib import Path

from tests.simulator.judge import Program, Refused, Verdict, judge
from tests.simulator.rows import Coverage
from tests.simulator.world import World, make_world, tell


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """The options of the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--worlds", type=int, default=12, help="how many worlds (default 12)")
    parser.add_argument("--seed", type=int, default=1, help="other worlds (default 1)")
    parser.add_argument("--first", type=int, default=0, help="number of the first world (default 0)")
    parser.add_argument("--kind", choices=("recorded", "lossy", "both"), default="both")
    parser.add_argument("--chapter", help="worlds of this one chapter only, one chapter each")
    parser.add_argument(
        "--store", default="sqlite:///{dir}/world.db", help="store URL; {dir} is an empty folder per world"
    )
    parser.add_argument("--command", default="tracegraph", help="the program to ask (default tracegraph)")
    parser.add_argument("--shuffle", action="store_true", help="events in random order; else in the order of time")
    parser.add_argument("--every", type=int, default=1, help="ask about every Nth unit only")
    parser.add_argument("--no-ask", action="store_true", help="only simulate, and print what was met")
    parser.add_argument("--keep-failures", type=Path, help="folder for worlds with wrong traces, as JSON")
    parser.add_argument("--keep-all", type=Path, help="folder for all worlds, as JSON")
    return parser.parse_args(arguments)


def worlds(chosen: argparse.Namespace) -> list[World]:
    """The worlds that were asked for; with both kinds, in turn."""
    from tests.simulator.chapters import CARELESS, RECORDED

    made = []
    for number in range(chosen.first, chosen.first + chosen.worlds):
        if chosen.chapter:
            chapter = next(each for each in RECORDED + CARELESS if each.__name__ == chosen.chapter)
            made.append(
                tell(
                    [chapter],
                    f"{chosen.chapter}-{chosen.seed}-{number}",
                    "recorded" if chapter in RECORDED else "lossy",
                )
            )
            continue
        kind = chosen.kind if chosen.kind != "both" else ("recorded", "lossy")[number % 2]
        made.append(make_world(chosen.seed, number if chosen.kind != "both" else number // 2, kind))
    return made


def ask_about(world: World, chosen: argparse.Namespace) -> Verdict:
    """One world in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        program = Program(tuple(shlex.split(chosen.command)), chosen.store.replace("{dir}", folder))
        try:
            return judge(world, program, Path(folder), shuffled=chosen.shuffle, every=chosen.every)
        except Refused as refusal:
            return Verdict([f"no answer: {refusal}"])


def keep(world: World, folder: Path | None) -> None:
    """Write a world to a folder."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{world.name}.json").write_text(json.dumps(world.as_json(), indent=1), encoding="utf-8")


def main() -> int:
    """Run, print, say whether all was right."""
    chosen = options()
    met, total = Coverage(), Verdict()
    for world in worlds(chosen):
        keep(world, chosen.keep_all)
        met.add(world.rows)
        if not chosen.no_ask:
            verdict = ask_about(world, chosen)
            print(verdict.line(world.name), flush=True)
            keep(world, chosen.keep_failures if verdict.wrong else None)
            total.add(verdict)
    print(met.table())
    for chapter in sorted({name for name, _, _ in total.sizes}):
        print(f"{chapter:28s} {total.width(chapter)}")
    print(f"all worlds: {len(total.wrong)} wrong of {total.traces}; {total.width()}")
    never = [] if chosen.chapter else met.never()
    if never:
        print("never met:", *never, sep="\n  ")
    return int(bool(total.wrong or never))


if __name__ == "__main__":
    sys.exit(main())
