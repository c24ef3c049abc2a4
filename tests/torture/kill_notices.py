"""Kill what sends the notices of a case, at a step or at any moment, and let it go on: nothing leaves twice, nothing is
forgotten, and the ledger says of each notice once that it was sent.

By files a message may be written again, and is the same file. By mail nobody can tell whether a message that was on its
way left: it must not be sent again before a person looked, here into the mails that the server took.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.service.outgoing import FIRST, message, opened
from tests.torture.killing import Doom, End, drawn, work_until
from tracegraph import Tracegraph
from tracegraph.clock import now
from tracegraph.recall.case import case_file
from tracegraph.service.channels import Settings
from tracegraph.service.channels.letter import message_id
from tracegraph.service.dispatching import Dispatch, Report, case_now, recorder
from tracegraph.service.file import ServiceFile
from tracegraph.service.outbox import MessageState, Outbox
from tracegraph.service.people import People

CASE = "C1"
MOST_KILLS = 3
#: Seconds for which the mail server has a mail and has not said so: what a kill is to hit.
UNTOLD = 0.04


def killed_in_notices(chance: Random, folder: Path) -> str:
    """A few messages by one channel, killed up to three times on the way, then let through."""
    count, by_mail = chance.randint(2, 5), chance.random() < 0.5
    with mail_server(folder) as port:
        prepare(folder, count)
        usual, kills = untroubled(by_mail), 0
        for _ in range(chance.randint(1, MOST_KILLS)):
            kills += work_until(sending(folder, count, by_mail, port), folder, drawn(chance, usual)).killed
            check_once(folder, count, by_mail)
        uncertain = finished(folder, count, by_mail, port)
    told = "mail" if by_mail else "files"
    return f"{told}: killed {kills} times, {'some' if uncertain else 'none'} uncertain"


def prepare(folder: Path, count: int) -> None:
    """A store with an approved case, and an outbox with all but the last message."""
    with Tracegraph.open(f"sqlite:///{folder}/store.db") as graph:
        case = opened(graph.store, case=CASE)
    with closing(ServiceFile(folder / "s.service")) as file:
        Outbox(file, now).queue(messages(count - 1), "way", case)


def sending(folder: Path, count: int, by_mail: bool, port: int) -> Callable[[Callable[[int], None]], None]:
    """Work that queues all messages, those that were queued too, and sends them."""

    def work(acknowledge: Callable[[int], None]) -> None:
        run(folder, count, by_mail, port)

    return work


def run(folder: Path, count: int, by_mail: bool, port: int) -> Report:
    """Queue, and send what is due."""
    values = {"host": "127.0.0.1", "port": port, "from": "recalls@plant.example", "security": "none"}
    way = Settings("way", "smtp", values) if by_mail else Settings("way", "file", {"folder": str(folder / "out")})
    url = f"sqlite:///{folder}/store.db"
    with Tracegraph.open(url) as graph, closing(ServiceFile(folder / "s.service")) as file:
        outbox, case = Outbox(file, now), case_now(graph.store)
        outbox.queue(messages(count), "way", case(CASE))
        return Dispatch(outbox, {"way": way}, People(file), case, recorder(graph.store, now, FIRST)).run()


def messages(count: int) -> list[Any]:
    """What is to be sent."""
    return [message(number, case=CASE) for number in range(1, count + 1)]


def check_once(folder: Path, count: int, by_mail: bool) -> None:
    """Whatever was killed: nothing left twice, what the ledger says to be sent left, and files are whole."""
    left = mails(folder) if by_mail else files(folder)
    assert max(left.values(), default=0) <= 1, f"sent twice: {left}"
    with Tracegraph.open(f"sqlite:///{folder}/store.db") as graph:
        told = Counter(move.text("notice") for move in case_file(graph.store, CASE).of("sent"))
    assert max(told.values(), default=0) <= 1, f"recorded twice: {told}"
    names = {one.notice: message_id(one) for one in messages(count)}
    assert {names[notice] for notice in told} <= {*left}, "the ledger says that something left which did not"


def mails(folder: Path) -> Counter[str]:
    """How often each Message-ID arrived."""
    return Counter(path.name.partition("-")[2] for path in (folder / "mails").iterdir())


def files(folder: Path) -> Counter[str]:
    """How often each Message-ID stands in a whole file."""
    found = [path.read_text("utf-8") for path in folder.glob("out/*.eml")]
    assert all("48088" in text.splitlines()[-1] for text in found), "a file is not whole"
    lines = [line for text in found for line in text.splitlines() if line.startswith("Message-ID")]
    return Counter(line.partition("<")[2].partition("@")[0] for line in lines)


def finished(folder: Path, count: int, by_mail: bool, port: int) -> int:
    """Let it through, settle what is uncertain by looking at what arrived; how much that was."""
    run(folder, count, by_mail, port)
    check_once(folder, count, by_mail)
    with closing(ServiceFile(folder / "s.service")) as file:
        outbox = Outbox(file, now)
        uncertain = outbox.all(None, MessageState.UNCERTAIN)
        assert by_mail or not uncertain, "files are never uncertain"
        for one in uncertain:
            outbox.settle(one.id, was_sent=message_id(outbox.message(one.id)) in mails(folder))
        run(folder, count, by_mail, port)
        assert all(one.state is MessageState.SENT and one.recorded for one in outbox.all())
    check_once(folder, count, by_mail)
    assert len(mails(folder) if by_mail else files(folder)) == count, "something was forgotten"
    with Tracegraph.open(f"sqlite:///{folder}/store.db") as graph:
        assert len(case_file(graph.store, CASE).of("sent")) == count
        assert list(graph.verify()) == []
    return len(uncertain)


@lru_cache
def untroubled(by_mail: bool) -> End:
    """How many steps and seconds it takes."""
    with TemporaryDirectory() as name, mail_server(Path(name)) as port:
        prepare(Path(name), 4)
        return work_until(sending(Path(name), 4, by_mail, port), Path(name), Doom())


@contextmanager
def mail_server(folder: Path) -> Iterator[int]:
    """The port of a mail server in a process of its own, which writes a file for each mail before it answers."""
    (folder / "mails").mkdir()
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        try:
            os.close(reading)
            asyncio.run(_serve(folder / "mails", writing))
        finally:
            os._exit(0)
    os.close(writing)
    try:
        with os.fdopen(reading, encoding="ascii") as told:
            yield int(told.readline())
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


async def _serve(folder: Path, writing: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(_Keeping(folder), loop=loop), "127.0.0.1", 0)
    os.write(writing, f"{server.sockets[0].getsockname()[1]}\n".encode())
    await asyncio.Event().wait()


class _Keeping:
    """Keeps the Message-ID of each mail, in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        lines = envelope.content.decode("ascii").splitlines()
        name = next(line for line in lines if line.startswith("Message-ID")).partition("<")[2].partition("@")[0]
        (self.folder / f"{len(list(self.folder.iterdir()))}-{name}").touch()
        await asyncio.sleep(UNTOLD)
        return "250 OK"
