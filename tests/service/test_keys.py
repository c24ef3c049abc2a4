"""Users and their keys: what is stored, what is taken, and that a change in another process holds at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.access.caller import Caller, Role
from tracegraph.errors import StoreForeign, StoreUnreachable, UsageError
from tracegraph.model.instants import DAY
from tracegraph.service.file import ServiceFile, beside
from tracegraph.service.keys import Keys, NewKey
from tracegraph.service.users import Users

MAKER = "https://id.gs1.org/417/9521234000006"
NOW = 20_000 * DAY + 5


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


class Service:
    """A service file with what is in it."""

    def __init__(self, path: Path) -> None:
        self.clock = Clock()
        self.file = ServiceFile(path)
        self.users = Users(self.file, self.clock)
        self.keys = Keys(self.file, self.clock, frozenset({"read", "trace"}))

    def key(self, name: str = "plant", **more) -> NewKey:
        if name not in {user.name for user in self.users.all()}:
            self.users.add(name, "operator", ["9521234000006"])
        return self.keys.create(name, **more)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path / "store.service")
    yield made
    made.keys.close()
    made.file.close()


def test_a_key_proves_its_user(service: Service) -> None:
    made = service.key(scopes=["read"])
    assert service.keys.caller_of(made.secret) == Caller(
        "plant", Role.OPERATOR, frozenset({MAKER}), frozenset({"read"})
    )


def test_the_file_does_not_hold_the_secret_and_nothing_shows_it(service: Service, tmp_path: Path) -> None:
    made = service.key()
    secret = made.secret.split("_")[2]
    service.keys.caller_of(made.secret)
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert secret.encode() not in stored
    assert made.key.prefix.encode() in stored
    assert secret not in repr(made) + repr(service.keys.all())


def test_nobody_else_may_read_the_file(service: Service, tmp_path: Path) -> None:
    service.key()
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_two_keys_of_one_user_have_nothing_in_common(service: Service) -> None:
    first, second = service.key(), service.key()
    assert first.secret != second.secret
    assert len(first.secret.split("_")[2]) == 52  # 256 bits, five a character
    with service.file.reading() as connection:
        rows = connection.execute("SELECT salt, digest FROM api_keys").fetchall()
    assert len({row["salt"] for row in rows}) == len({row["digest"] for row in rows}) == 2


def test_another_secret_of_the_same_prefix_is_nobody(service: Service) -> None:
    made, other = service.key(), service.key()
    mark, prefix, _ = made.secret.split("_")
    assert service.keys.caller_of("_".join([mark, prefix, other.secret.split("_")[2]])) is None
    assert service.keys.caller_of(made.secret) is not None


@given(st.text())
def test_what_is_no_key_is_nobody(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    service = Service(tmp_path_factory.mktemp("keys") / "s.service")
    assert service.keys.caller_of(text) is None
    assert service.keys.caller_of(f"tgk_{'a' * 16}_{'b' * 52}") is None
    service.keys.close()
    service.file.close()


def test_it_expires_on_time(service: Service) -> None:
    made = service.key(expires_at=NOW + 10)
    service.clock.now = NOW + 9
    assert service.keys.caller_of(made.secret) is not None
    service.clock.now = NOW + 10
    assert service.keys.caller_of(made.secret) is None
    assert service.keys.all()[0].state(service.clock.now) == "expired"
    with pytest.raises(UsageError, match="expired already"):
        service.key(expires_at=NOW)


def test_a_revoked_key_is_refused_for_ever(service: Service) -> None:
    made = service.key()
    assert service.keys.caller_of(made.secret) is not None
    revoked = service.keys.revoke(made.key.prefix)
    assert revoked.state(NOW) == "revoked"
    assert service.keys.caller_of(made.secret) is None
    service.clock.now += 1
    assert service.keys.revoke(made.secret).revoked_at == NOW  # the whole key is understood, and the first time stays
    with pytest.raises(UsageError, match="no key"):
        service.keys.revoke("nothing")


def test_a_disabled_user_has_no_keys_until_it_is_enabled(service: Service) -> None:
    made = service.key()
    assert service.keys.caller_of(made.secret) is not None
    service.users.disable("plant")
    assert service.keys.caller_of(made.secret) is None
    service.users.enable("plant")
    assert service.keys.caller_of(made.secret) is not None


def test_a_changed_user_has_its_new_role_at_the_next_request(service: Service) -> None:
    made = service.key()
    assert service.keys.caller_of(made.secret) is not None
    service.users.change("plant", "admin", [])
    assert service.keys.caller_of(made.secret) == Caller("plant", Role.ADMIN)


def test_a_key_revoked_by_another_process_stops_at_once(service: Service) -> None:
    made = service.key()
    assert service.keys.caller_of(made.secret) is not None
    command = ["-m", "tracegraph.cli", "keys", "revoke", made.key.prefix, f"--service-file={service.file.path}"]
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    assert service.keys.caller_of(made.secret) is None


def test_a_request_reads_nothing_where_nothing_changed(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    made = service.key()
    service.keys.caller_of(made.secret)
    service.keys.caller_of(made.secret)  # the first use was noted, which changed the file
    reader = service.keys._reader
    assert reader is not None
    monkeypatch.setattr(type(reader), "row", lambda *_: pytest.fail("it read"))
    assert service.keys.caller_of(made.secret) is not None


def test_the_last_use_is_a_day_and_written_once(service: Service) -> None:
    made = service.key()
    assert service.keys.all()[0].used_on is None
    service.keys.caller_of(made.secret)
    service.clock.now += DAY // 2
    service.keys.caller_of(made.secret)
    assert service.keys.all()[0].used_on == 20_000 * DAY
    service.clock.now += DAY
    service.keys.caller_of(made.secret)
    assert service.keys.all()[0].used_on == 20_001 * DAY


def test_a_wrong_key_is_not_noted_as_used(service: Service) -> None:
    made, other = service.key(), service.key()
    service.keys.caller_of(made.secret[:-52] + other.secret[-52:])
    assert [key.used_on for key in service.keys.all()] == [None, None]


def test_a_file_that_cannot_be_written_still_lets_callers_in(service: Service, tmp_path: Path) -> None:
    made = service.key()
    service.file._connection.execute("PRAGMA query_only = ON")
    assert service.keys.caller_of(made.secret) is not None


def test_keys_are_listed_by_user(service: Service) -> None:
    first, second = service.key("plant"), service.key("shop", label="scanner")
    assert {key.prefix for key in service.keys.all()} == {first.key.prefix, second.key.prefix}
    assert [(key.user, key.label) for key in service.keys.all("shop")] == [("shop", "scanner")]


def test_a_scope_must_be_an_operation_and_a_user_must_exist(service: Service) -> None:
    service.users.add("plant", "admin")
    with pytest.raises(UsageError, match="scope 'reads' is no operation; choose of read, trace"):
        service.keys.create("plant", ["reads"])
    with pytest.raises(UsageError, match="no user 'nobody'"):
        service.keys.create("nobody")


@pytest.mark.parametrize("name", ["", "a b", "someone@example.org", "x" * 65, "-x", "new\nline", "名"])
def test_names_that_are_none(service: Service, name: str) -> None:
    with pytest.raises(UsageError, match="user name"):
        service.users.add(name, "admin")


def test_users_are_made_once_with_a_role_that_there_is(service: Service) -> None:
    service.users.add("plant", "admin")
    with pytest.raises(UsageError, match="already"):
        service.users.add("plant", "admin")
    for role in ("public", "king", ""):
        with pytest.raises(UsageError, match="role is"):
            service.users.add("other", role)


@pytest.mark.parametrize("role", ["operator", "auditor", "certifier"])
def test_roles_that_see_by_organisation_need_one(service: Service, role: str) -> None:
    with pytest.raises(UsageError, match="needs an organisation"):
        service.users.add("plant", role)
    assert service.users.add("plant", role, ["(417)9521234000006", "9521234000006"]).organisations == {MAKER}
    with pytest.raises(UsageError, match="needs an organisation"):
        service.users.change("plant", organisations=[])


def test_an_administrator_is_one_that_is_not_disabled(service: Service) -> None:
    assert not service.users.have_admin()
    service.users.add("office", "admin")
    assert service.users.have_admin()
    service.users.disable("office")
    assert not service.users.have_admin()


def test_unknown_users_are_named(service: Service) -> None:
    for act in (service.users.disable, service.users.enable, service.users.change, service.users.named):
        with pytest.raises(UsageError, match="no user 'nobody'"):
            act("nobody")


def test_another_sqlite_file_is_no_service_file(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    with pytest.raises(StoreForeign, match="no service file"):
        ServiceFile(path)
    with pytest.raises(StoreUnreachable, match="folder does not exist"):
        ServiceFile(tmp_path / "nowhere" / "s.service")
    assert beside("sqlite:////data/plant.db") == Path("/data/plant.db.service")


def test_a_service_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "copied.service"
    path.touch(mode=0o644)
    ServiceFile(path).close()
    assert path.stat().st_mode & 0o777 == 0o600
