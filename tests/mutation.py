"""Mutation testing without starting pytest anew for every mutant: `python -m tests.mutation` (see docs/mutation.md).

mutmut makes the mutants and keeps the results (`mutmut results`, `mutmut show`); configuration is [tool.mutmut] in
pyproject.toml. Tests are collected once. Each mutant is tried in a fork of this process by the tests that reach its
function, fastest first, until one fails. Tried are, in an order drawn by lot, the mutants that have no result yet or
survived; with words, those of them whose name contains one; with --sample, only the first N. --tests: these tests, not
those of the configuration.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from mutmut.__main__ import collect_source_file_mutation_data, create_mutants
from mutmut.configuration import config
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, setup_source_paths
from mutmut.utils.format_utils import mangled_name_from_mutant_name

SURVIVED, KILLED, UNREACHED, TOO_LONG = 0, 1, 33, -signal.SIGXCPU
#: A test with a mutant may take so many seconds and so many times what it takes without, and so many bytes.
SECONDS, TIMES, MEMORY = 2, 10, 3 * 2**30


class Trying:
    """A pytest plugin that runs the collected tests against one mutant after the other."""

    def __init__(self, words: Sequence[str], sample: int | None, folder: Path) -> None:
        self.words = words
        self.sample = sample
        self.folder = folder
        self.duration: dict[pytest.Item, float] = {}
        self.reaching: dict[str, list[pytest.Item]] = defaultdict(list)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of running the tests once."""
        self._watch(session.items)
        set_mutant_under_test("")
        gc.collect()
        gc.freeze()
        with_data, by_path = self._wanted()
        last = time.monotonic()
        for number, (data, name) in enumerate(with_data, 1):
            tests = self.reaching.get(mangled_name_from_mutant_name(name), [])
            data.exit_code_by_key[name] = self._tried(name, tests) if tests else UNREACHED
            if time.monotonic() - last > 10 or number == len(with_data):
                last = time.monotonic()
                self._save(by_path)
                print(f"{number} of {len(with_data)}", file=sys.__stderr__, flush=True)
        return True

    def _watch(self, items: Sequence[pytest.Item]) -> None:
        """Which functions does each test reach, and how long does it take?"""
        set_mutant_under_test("stats")
        for item in items:
            state()._stats.clear()
            begin = time.process_time()
            if not passes(item):
                raise pytest.UsageError(f"{item.nodeid} fails without any mutant")
            self.duration[item] = time.process_time() - begin
            for function in state()._stats:
                self.reaching[function].append(item)
        for tests in self.reaching.values():
            tests.sort(key=self.duration.__getitem__)

    def _wanted(self):
        """The mutants to try, in an order drawn by lot, and all results by file."""
        here = Path.cwd()
        os.chdir(self.folder)
        mutants, by_path = collect_source_file_mutation_data(mutant_names=())
        os.chdir(here)
        wanted = [
            (data, name)
            for data, name, result in mutants
            if result in (None, SURVIVED, UNREACHED) and (not self.words or any(word in name for word in self.words))
        ]
        random.Random(1).shuffle(wanted)
        return wanted[: self.sample], by_path

    def _save(self, by_path) -> None:
        here = Path.cwd()
        os.chdir(self.folder)
        for data in by_path.values():
            data.save()
        os.chdir(here)

    def _tried(self, name: str, tests: Sequence[pytest.Item]) -> int:
        child = os.fork()
        if child == 0:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            try:
                set_mutant_under_test(name)
                os._exit(SURVIVED if all(self._passes_in_time(test) for test in tests) else KILLED)
            except BaseException:
                os._exit(KILLED)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        return TOO_LONG if code < 0 else code

    def _passes_in_time(self, test: pytest.Item) -> bool:
        """In processor time, so that a busy machine kills nothing; the alarm ends the process."""
        signal.setitimer(signal.ITIMER_PROF, SECONDS + TIMES * self.duration[test])
        return passes(test)


def passes(item: pytest.Item) -> bool:
    """Whether a test passes, set-up and tear-down included."""
    return all(report.outcome != "failed" for report in runtestprotocol(item, log=False, nextitem=None))


def main(words: Sequence[str], sample: int | None, tests: Sequence[str]) -> int:
    """Make the mutants that are missing, then try them."""
    folder = Path.cwd()
    set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    copy_src_dir()
    copy_also_copy_files()
    setup_source_paths()
    create_mutants(1)
    arguments = [*config().pytest_add_cli_args, *(tests or config().pytest_add_cli_args_test_selection)]
    os.chdir("mutants")
    return int(
        pytest.main(
            ["-q", "--rootdir=.", "--tb=native", "--assert=plain", *arguments], plugins=[Trying(words, sample, folder)]
        )
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Try mutants of timeline, trace, claims and schemes.")
    parser.add_argument("words", nargs="*", help="parts of mutant names")
    parser.add_argument("--sample", type=int, help="try so many, drawn by lot")
    parser.add_argument("--tests", nargs="+", default=(), help="run these tests")
    given = parser.parse_args()
    sys.exit(main(given.words, given.sample, given.tests))
