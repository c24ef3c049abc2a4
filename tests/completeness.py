"""A pytest plugin: the run says at its end what it could not run, and with CI=true anything not run is a failure.

Everything that pytest counts as skipped or as an expected failure is "not run", whichever worker met it; the reason
says how to enable it. Deselection by the caller (-k, a path) is a choice and is not reported.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

NOT_RUN = ("skipped", "xfailed")


def is_ci() -> bool:
    """Whether the environment says that nothing may be left out."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Name what was not run, most frequent reason first."""
    reasons = reasons_not_run(terminalreporter)
    if not reasons:
        return
    terminalreporter.section("not run")
    for reason, count in reasons.most_common():
        terminalreporter.line(f"{reason} ({count} {'test' if count == 1 else 'tests'} not run)", yellow=True)
    if is_ci():
        terminalreporter.line("CI=true: anything not run is a failure.", red=True)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn success into failure where something was left out in CI."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and is_ci() and session.exitstatus == pytest.ExitCode.OK and reasons_not_run(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def reasons_not_run(reporter: TerminalReporter) -> Counter[str]:
    """How many tests (or whole files) were left out, by reason."""
    reports = [report for outcome in NOT_RUN for report in reporter.stats.get(outcome, [])]
    return Counter(reason_of(report) for report in reports)


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The words given to skip or xfail."""
    if hasattr(report, "wasxfail"):
        return f"expected to fail: {report.wasxfail or report.nodeid}"
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr)
