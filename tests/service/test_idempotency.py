"""Kept answers: given again to the same request, to nobody else, for a day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tracegraph.service.file import ServiceFile
from tracegraph.service.idempotency import KEPT, LONGEST, Answers, Busy, Kept, OtherRequest

ONE, TWO = b"1" * 32, b"2" * 32


class Clock:
    now = KEPT * 10

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def answers(tmp_path: Path, clock: Clock) -> Iterator[Answers]:
    file = ServiceFile(tmp_path / "s.service")
    yield Answers(file, clock)
    file.close()


def test_a_kept_answer_comes_again(answers: Answers, clock: Clock) -> None:
    assert answers.claim("me", "k", ONE) is None
    answers.keep("me", "k", 202, [("location", "/x"), ("link", "a"), ("link", "b")], b"body")
    clock.now += KEPT
    kept = Kept(202, (("location", "/x"), ("link", "a"), ("link", "b")), b"body")
    assert answers.claim("me", "k", ONE) == kept
    clock.now += 1
    assert answers.claim("me", "k", ONE) is None


def test_a_running_request_is_not_done_twice(answers: Answers, clock: Clock) -> None:
    answers.claim("me", "k", ONE)
    clock.now += LONGEST
    with pytest.raises(Busy):
        answers.claim("me", "k", ONE)
    clock.now += 1  # its process must have been killed
    assert answers.claim("me", "k", ONE) is None


def test_another_request_of_the_same_key_is_refused(answers: Answers) -> None:
    answers.claim("me", "k", ONE)
    with pytest.raises(OtherRequest):
        answers.claim("me", "k", TWO)
    answers.keep("me", "k", 201, [], b"")
    with pytest.raises(OtherRequest):
        answers.claim("me", "k", TWO)


def test_callers_do_not_share_keys(answers: Answers) -> None:
    answers.claim("me", "k", ONE)
    answers.keep("me", "k", 201, [], b"mine")
    assert answers.claim("you", "k", TWO) is None


def test_a_released_key_is_free_and_a_kept_one_stays(answers: Answers) -> None:
    answers.claim("me", "k", ONE)
    answers.release("me", "k")
    assert answers.claim("me", "k", TWO) is None
    answers.keep("me", "k", 201, [], b"")
    answers.release("me", "k")
    assert answers.claim("me", "k", TWO) is not None
