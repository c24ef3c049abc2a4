"""`users`, `keys` and `audit`: who may ask the service, managed on its machine."""

from __future__ import annotations

import re
from pathlib import Path

from tests.commands.conftest import Run
from tracegraph.service.audit import AuditTrail, Entry
from tracegraph.service.file import ServiceFile
from tracegraph.service.keys import Keys

MAKER = "https://id.gs1.org/417/9521234000006"
SERVICE_FILE = Path("tracegraph.db.service")


def taken(key: str) -> bool:
    file = ServiceFile(SERVICE_FILE)
    keys = Keys(file)
    try:
        return keys.caller_of(key) is not None
    finally:
        keys.close()
        file.close()


def test_the_first_administrator_needs_no_password(run: Run) -> None:
    added = run("users", "add", "office", "--role", "admin")
    assert added.text == "User office may ask, as admin.\n"
    assert added.sentence == "It needs a key: tracegraph keys create office"
    made = run("keys", "create", "office")
    assert re.fullmatch(r"tgk_[a-z2-7]{16}_[a-z2-7]{52}\n", made.text)
    assert "shown only now" in made.sentence
    assert taken(made.text.strip())


def test_users_are_listed_changed_disabled_and_enabled(run: Run) -> None:
    run("users", "add", "plant", "--role", "operator", "--organisation", "9521234000006")
    key = run("keys", "create", "plant").text.strip()
    (user,) = run("users", "list", "--format", "json").json
    assert user.pop("created").endswith("Z")
    assert user == {"name": "plant", "role": "operator", "organisations": [MAKER], "disabled": False}
    assert run("users", "change", "plant", "--role", "auditor").text == "User plant is auditor now.\n"
    assert run("users", "disable", "plant").status == 0
    assert run("users", "list").text.splitlines()[1].split() == ["plant", "auditor", MAKER, "yes"]
    assert not taken(key)
    run("users", "enable", "plant")
    assert taken(key)


def test_keys_are_listed_without_their_secrets_and_revoked(run: Run) -> None:
    run("users", "add", "office", "--role", "admin")
    options = ["--scope", "trace", "--scope", "read", "--expires", "2099-12-31", "--label", "board"]
    key = run("keys", "create", "office", *options).text.strip()
    _, prefix, secret = key.split("_")
    listed = run("keys", "list", "--format", "json")
    (told,) = listed.json
    assert secret not in listed.text
    assert told.pop("created").endswith("Z")
    assert told == {
        "prefix": prefix,
        "user": "office",
        "state": "valid",
        "scopes": ["read", "trace"],
        "label": "board",
        "expires": "2099-12-31T23:59:59.999999Z",
        "used": None,
    }
    assert run("keys", "revoke", prefix).text == f"The key {prefix} of office is refused from now on.\n"
    assert not taken(key)
    assert "revoked" in run("keys", "list", "--user", "office").text
    assert run("keys", "list", "--user", "other", "--format", "json").json == []


def test_what_is_wrong_is_one_sentence(run: Run) -> None:
    assert run("keys", "list").status == 4
    assert "users add makes one" in run("users", "list").sentence
    assert not SERVICE_FILE.exists()
    run("users", "add", "office", "--role", "admin")
    for arguments, said in [
        (("users", "add", "office", "--role", "admin"), "already"),
        (("users", "add", "other", "--role", "king"), "choose one of operator"),
        (("users", "disable", "other"), "no user 'other'"),
        (("keys", "create", "other"), "no user 'other'"),
        (("keys", "create", "office", "--scope", "fly"), "is no operation"),
        (("keys", "create", "office", "--expires", "2001-01-01"), "expired already"),
        (("keys", "create", "office", "--expires", "soon"), "soon"),
        (("keys", "revoke", "nothing"), "no key"),
    ]:
        result = run(*arguments)
        assert (result.status, said in result.sentence) == (2, True), result.err


def test_the_audit_trail_can_be_read(run: Run) -> None:
    run("users", "add", "office", "--role", "admin")
    file = ServiceFile(SERVICE_FILE)
    trail = AuditTrail(file, lambda: 0)
    for number in range(3):
        asked = (f"https://id.gs1.org/01/09521000123458/10/L{number}", "\x1b[2J")
        trail.record(Entry(0, "r", "office", "admin", frozenset(), "read", "GET", "/api/v1/units/{unit}", asked, 200))
    trail.flush()
    file.close()
    first, second, third = run("audit", "--format", "ndjson").lines
    assert [first["number"], second["number"], third["number"]] == [3, 2, 1]
    assert run("audit", "--before", "3", "--limit", "1", "--format", "json").json == [second]
    assert run("audit", "--user", "nobody", "--format", "json").json == []
    assert "/10/L2" in run("audit").text
    assert "\x1b" not in run("audit").text
