"""What is due now and then is done at once, again and again, whatever went wrong once; and ends when it is told to."""

from __future__ import annotations

from threading import Event

import pytest

from tracegraph.errors import StoreLocked
from tracegraph.service.regularly import Regularly


def test_work_goes_on_after_an_error(caplog: pytest.LogCaptureFixture) -> None:
    calls: list[int] = []
    third = Event()

    def work() -> None:
        calls.append(len(calls))
        if len(calls) == 2:
            raise StoreLocked("the store is being changed")
        if len(calls) == 3:
            third.set()

    worker = Regularly("index", work, 0.001)
    worker.start()
    assert third.wait(60)
    worker.stop()
    done = len(calls)
    assert "index failed: the store is being changed" in caplog.text
    assert not third.wait(0) or len(calls) == done


def test_one_that_never_began_can_be_stopped() -> None:
    Regularly("index", bool, 1.0).stop()
