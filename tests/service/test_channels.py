"""Channels: files that are whole and the same again, mail to a real server, and packages that bring their own."""

from __future__ import annotations

import logging
import ssl
import sys
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tests.service.certificates import certificate
from tests.service.mail_server import CUT, LOST, PASSWORD, USER, MailServer
from tests.service.outgoing import Place, message, place
from tracegraph.errors import InputError, UsageError
from tracegraph.service.channels import (
    BUILT_IN,
    Message,
    NotSent,
    Part,
    Settings,
    Uncertain,
    channel_named,
    channel_names,
    deliver,
    was_sent,
)
from tracegraph.service.channels.settings import read_settings
from tracegraph.service.outbox import MessageState

PAPER = Part("notice.pdf", "application/pdf", bytes(range(256)))
SENT = replace(message(1), address="office@shop1.example", subject="Recall 召回", parts=(*message(1).parts, PAPER))


# files


def test_a_message_is_one_file_and_the_same_again(tmp_path: Path) -> None:
    settings = Settings("out", "file", {"folder": "notices"}, tmp_path)
    channel = channel_named("file")
    first = deliver(channel, SENT, settings)
    (written,) = (tmp_path / "notices").iterdir()
    data = written.read_bytes()
    assert deliver(channel, SENT, settings) == first
    assert [path.read_bytes() for path in (tmp_path / "notices").iterdir()] == [data]
    assert written.name == first.text
    assert channel.repeatable
    mail: Any = message_from_bytes(data, policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("office@shop1.example", "Recall 召回")
    text, paper = mail.iter_parts()
    assert text.get_content().strip() == SENT.parts[0].data.decode().strip()
    assert (paper.get_filename(), paper.get_content_type(), paper.get_content()) == (
        "notice.pdf",
        "application/pdf",
        PAPER.data,
    )


def test_ids_that_look_alike_are_other_files(tmp_path: Path) -> None:
    settings = Settings("out", "file", {"folder": str(tmp_path / "out")})
    for name in ("a/b", "a_b", "A/b"):
        deliver(channel_named("file"), replace(SENT, id=name), settings)
    assert len({path.name.casefold() for path in (tmp_path / "out").iterdir()}) == 3


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    for values in ({"folder": str(tmp_path / "out")}, {}):
        with pytest.raises(NotSent):
            deliver(channel_named("file"), SENT, Settings("out", "file", values))


# mail


def plain(server: MailServer, **more: Any) -> Settings:
    values = {"host": "127.0.0.1", "port": server.port, "from": "Recalls <recalls@plant.example>", "security": "none"}
    return Settings("mail", "smtp", values | more)


def test_mail_arrives_as_it_was_made() -> None:
    with MailServer() as server:
        receipt = deliver(channel_named("smtp"), SENT, plain(server))
        deliver(channel_named("smtp"), replace(SENT, id="C1/N2/1"), plain(server))
    mail, other = server.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        "office@shop1.example",
        "Recalls <recalls@plant.example>",
        "Recall 召回",
    )
    assert mail["Date"]
    body = mail.get_body()
    assert body is not None
    assert body.get_content().strip() == SENT.parts[0].data.decode().strip()
    assert [one.get_content() for one in mail.iter_attachments()] == [PAPER.data]
    envelope = server.envelopes[0]
    assert (envelope.mail_from, envelope.rcpt_tos) == ("recalls@plant.example", ["office@shop1.example"])
    assert receipt.text == f"Message-ID {str(mail['Message-ID']).strip('<>').partition('@')[0]}"
    assert mail["Message-ID"] != other["Message-ID"]


def test_mail_goes_over_tls_with_a_login(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made)
    secret = tmp_path / "secret"
    secret.write_text(f"{PASSWORD}\n")
    secret.chmod(0o600)
    with MailServer(secured=context) as server:
        values = {"host": "localhost", "port": server.port, "from": "recalls@plant.example", "user": USER}
        good = Settings("mail", "smtp", values | {"trust": made.name, "password_file": "secret"}, tmp_path)
        deliver(channel_named("smtp"), SENT, good)
        for values in (
            {**good.values, "password_file": "none"},
            {**good.values, "user": ""},
            {name: told for name, told in good.values.items() if name != "trust"},
            {**good.values, "security": "tls"},
            {**good.values, "security": "none"},
            {**good.values, "security": "perhaps"},
        ):
            with pytest.raises(NotSent) as refused:
                deliver(channel_named("smtp"), SENT, Settings("mail", "smtp", values, tmp_path))
            assert PASSWORD not in str(refused.value)
    assert len(server.mails) == 1
    assert PASSWORD not in caplog.text
    assert PASSWORD not in repr(Settings("mail", "smtp", {"password": PASSWORD}))


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ({"recipient": "550 unknown"}, NotSent("", again=False)),
        ({"recipient": "450 later"}, NotSent("")),
        ({"recipient": CUT}, NotSent("")),
        ({"text": "451 later"}, NotSent("")),
        ({"text": "554 no"}, NotSent("", again=False)),
        ({"text": CUT}, Uncertain()),
        ({"text": LOST}, Uncertain()),
    ],
    ids=str,
)
def test_what_the_server_says_decides(replies: dict[str, str], expected: Exception) -> None:
    with MailServer(**replies) as server, pytest.raises(type(expected)) as raised:  # type: ignore[arg-type]
        deliver(channel_named("smtp"), SENT, plain(server))
    assert getattr(raised.value, "again", None) == getattr(expected, "again", None)
    assert "office@" not in str(raised.value)
    assert len(server.mails) == (replies.get("text") == LOST)


@pytest.mark.parametrize(
    ("changed", "values", "again"),
    [
        ({"address": "no address"}, {}, False),
        ({"address": ""}, {}, False),
        ({"address": "büro@shop.example"}, {}, False),
        ({"parts": (Part("text", "text/plain", b"\xff"),)}, {}, False),
        ({}, {"from": "nobody"}, True),
        ({}, {"from": ""}, True),
        ({}, {"host": ""}, True),
        ({}, {"port": "25"}, True),
        ({}, {"port": 1}, True),
    ],
)
def test_what_cannot_leave_is_known_not_to(changed: dict[str, Any], values: dict[str, Any], again: bool) -> None:
    """Never uncertain: nothing was given to a server."""
    given = {"host": "127.0.0.1", "port": 1, "from": "a@b.example", "security": "none"} | values
    with pytest.raises(NotSent) as raised:
        deliver(channel_named("smtp"), replace(SENT, **changed), Settings("mail", "smtp", given))
    assert raised.value.again is again


def test_mail_cannot_tell_after_a_crash() -> None:
    assert was_sent(channel_named("smtp"), SENT, Settings("mail", "smtp")) is None
    assert not channel_named("smtp").repeatable


@pytest.fixture
def posted(tmp_path: Path) -> Iterator[tuple[Place, MailServer]]:
    with MailServer() as server, place(tmp_path, channel_named("smtp")) as here:
        here.settings["way"] = plain(server)
        yield here, server


def test_from_the_outbox_by_mail(posted: tuple[Place, MailServer]) -> None:
    here, server = posted
    here.queue(message(1), message(2))
    server.text = LOST
    assert here.run().uncertain == ["C1/N1/1", "C1/N2/1"]
    server.text = "250 OK"
    assert here.run().sent == []
    assert len(set(server.ids)) == len(server.ids) == 2
    for one in here.outbox.all(None, MessageState.UNCERTAIN):
        here.outbox.settle(one.id, was_sent=True)
    assert here.run().recorded == ["C1/N1/1", "C1/N2/1"]
    assert here.sent_moves() == ["N1", "N2"]


# packages


THIRD = """
from tracegraph.service.channels import Message, Receipt, Settings

class Pigeon:
    repeatable = False
    addressed_by = "phone"

    def was_sent(self, message: Message, settings: Settings) -> bool:
        return message.notice in settings.text("home")

    def send(self, message: Message, settings: Settings) -> Receipt:
        return Receipt(f"pigeon {settings.text('home')}")
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package in a folder of its own, as an installer leaves it."""
    site = tmp_path / "site"
    about = site / "pigeon_post-1.dist-info"
    about.mkdir(parents=True)
    (site / "pigeon_post.py").write_text(THIRD)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeon-post\nVersion: 1\n")
    points = ["pigeon = pigeon_post:Pigeon", "broken = pigeon_post:Nobody", "file = pigeon_post:Pigeon"]
    (about / "entry_points.txt").write_text("\n".join(["[tracegraph.channels]", *points, ""]))
    monkeypatch.syspath_prepend(str(site))
    yield site
    sys.modules.pop("pigeon_post", None)


def test_a_package_brings_its_own_channel(installed: Path) -> None:
    assert set(channel_names()) == {"broken", "file", "pigeon", "smtp"}
    channel = channel_named("pigeon")
    assert channel.addressed_by == "phone"
    settings = Settings("birds", "pigeon", {"home": "N1"})
    assert deliver(channel, SENT, settings).text == "pigeon N1"
    assert was_sent(channel, SENT, settings) is True
    assert was_sent(channel, replace(SENT, notice="N2"), settings) is False


def test_no_package_replaces_a_built_in_channel(installed: Path) -> None:
    assert channel_names()["file"] == BUILT_IN["file"]


def test_a_channel_that_cannot_be_loaded_is_said(installed: Path) -> None:
    with pytest.raises(UsageError, match="channel broken cannot be loaded"):
        channel_named("broken")
    with pytest.raises(UsageError, match="no channel 'owl'; choose one of broken, file, pigeon, smtp"):
        channel_named("owl")


@pytest.mark.parametrize(("home", "receipt"), [("N1", "found by the channel"), ("elsewhere", "pigeon elsewhere")])
def test_a_channel_that_can_tell_is_asked_after_a_crash(
    installed: Path, tmp_path: Path, home: str, receipt: str
) -> None:
    with place(tmp_path, channel_named("pigeon")) as here:
        here.settings["way"] = Settings("way", "pigeon", {"home": home})
        here.queue(message(1))
        here.outbox.take("C1/N1/1")
        here.run()
        one = here.outbox["C1/N1/1"]
        assert (one.state, one.receipt) == (MessageState.SENT, receipt)
        assert here.sent_moves() == ["N1"]


# settings


def settings_file(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "channels.json"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_settings_are_read_by_name(tmp_path: Path) -> None:
    text = '{"mail": {"channel": "smtp", "host": "h", "port": 25}, "out": {"channel": "file", "folder": "n"}}'
    found = read_settings(settings_file(tmp_path, text))
    assert (found["mail"].channel, found["mail"].text("host"), found["mail"].number("port", 587)) == ("smtp", "h", 25)
    assert found["out"].path("folder") == tmp_path / "n"
    assert (found["out"].number("port", 587), found["out"].text("from", "x")) == (587, "x")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"mail": 1}', '{"mail": {}}', '{"mail": {"channel": 7}}'])
def test_what_are_no_settings_is_said_without_showing_them(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_settings(settings_file(tmp_path, text))
    assert "channels.json" in str(refused.value) or "channel mail" in str(refused.value)


def test_settings_that_others_may_read_are_refused(tmp_path: Path) -> None:
    text = '{"mail": {"channel": "smtp", "password": "hidden"}}'
    with pytest.raises(InputError, match="chmod 600") as refused:
        read_settings(settings_file(tmp_path, text, 0o640))
    assert "hidden" not in str(refused.value)
    with pytest.raises(InputError, match="cannot be read"):
        read_settings(tmp_path / "none.json")
    found = read_settings(settings_file(tmp_path, text))
    assert found["mail"].secret("password") == "hidden"
    assert "hidden" not in repr(found)


def test_the_message_that_leaves_is_no_other() -> None:
    assert isinstance(SENT, Message)
    assert "office" not in repr(SENT)
    assert "URGENT" not in repr(SENT)
