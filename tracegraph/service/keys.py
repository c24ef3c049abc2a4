"""API keys: made at random, shown once, kept as a salted digest, scoped, expiring, revocable.

A key is `tgk_PREFIX_SECRET`: the prefix finds it, the secret proves it. The secret has 256 random bits, so that nobody
can try them through: a slow password hash would protect nothing more, and each request would pay for it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock

from tracegraph.access.caller import Caller
from tracegraph.clock import now
from tracegraph.errors import StoreError, UsageError
from tracegraph.model.instants import DAY
from tracegraph.service.file import ServiceFile, ServiceReader
from tracegraph.service.users import user_of_row

MARK = "tgk"

_KEY = re.compile(rf"{MARK}_([a-z2-7]{{16}})_([a-z2-7]{{52}})\Z")
_SALT_BYTES = 16
#: Keys kept in memory; more than any service has users, and little.
_MOST_REMEMBERED = 1_000

_KEYS = "SELECT api_keys.* FROM api_keys"
_KEY_WITH_USER = (
    "SELECT users.*, api_keys.prefix, api_keys.salt, api_keys.digest, api_keys.scopes, api_keys.expires_at,"
    " api_keys.revoked_at, api_keys.used_on FROM api_keys JOIN users ON users.name = api_keys.user"
    " WHERE api_keys.prefix = ?"
)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What may be shown of a key. Instants in microseconds; `used_on`: the day of its last use, not the time."""

    prefix: str
    user: str
    scopes: frozenset[str]
    label: str
    created_at: int
    expires_at: int | None
    revoked_at: int | None
    used_on: int | None

    def state(self, now: int) -> str:
        """`valid`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "valid"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made. `secret` is the whole key; it exists nowhere else."""

    key: ApiKey
    secret: str = field(repr=False)


@dataclass(slots=True)
class _Remembered:
    """One key as it stands in the file now, with its user; None: its user is disabled, or it is revoked."""

    prefix: str
    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    caller: Caller | None
    expires_at: int | None
    used_on: int | None


#: What a wrong key is compared with where there is none of its prefix, so that the answer takes as long.
_NONE = _Remembered("", bytes(_SALT_BYTES), bytes(32), None, None, None)


class Keys:
    """The keys in a service file. `operations`: what a scope may name. `clock`: now, as an instant.

    A request is checked in memory. What any process changes in the file, a revocation too, holds at the next request
    (SQLite, PRAGMA data_version).
    """

    def __init__(
        self, file: ServiceFile, clock: Callable[[], int] = now, operations: frozenset[str] = frozenset()
    ) -> None:
        self._file = file
        self._clock = clock
        self._operations = operations
        self._reader: ServiceReader | None = None
        self._version = -1
        self._remembered: dict[str, _Remembered] = {}
        self._lock = Lock()

    def create(self, user: str, scopes: Iterable[str] = (), expires_at: int | None = None, label: str = "") -> NewKey:
        """A new key of a user; UsageError for an unknown user, a scope that is no operation, a past expiry."""
        now = self._clock()
        narrowed = self._scopes(scopes)
        if expires_at is not None and expires_at <= now:
            raise UsageError("the key would have expired already; name a later time")
        prefix, secret, salt = _random_text(10), _random_text(32), secrets.token_bytes(_SALT_BYTES)
        key = ApiKey(prefix, user, narrowed, label, now, expires_at, None, None)
        with self._file.changing() as connection:
            if connection.execute("SELECT 1 FROM users WHERE name = ?", (user,)).fetchone() is None:
                raise UsageError(f"there is no user {user!r}; see tracegraph users list")
            connection.execute(
                "INSERT INTO api_keys (prefix, user, salt, digest, scopes, label, created_at, expires_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (prefix, user, salt, _digest(salt, secret), json.dumps(sorted(narrowed)), label, now, expires_at),
            )
        return NewKey(key, f"{MARK}_{prefix}_{secret}")

    def _scopes(self, given: Iterable[str]) -> frozenset[str]:
        wanted = frozenset(given)
        unknown = sorted(wanted - self._operations) if self._operations else []
        if unknown:
            raise UsageError(f"scope {unknown[0]!r} is no operation; choose of {', '.join(sorted(self._operations))}")
        return wanted

    def all(self, user: str | None = None) -> list[ApiKey]:
        """Every key, or those of one user, oldest first."""
        with self._file.reading() as connection:
            rows = connection.execute(
                f"{_KEYS} WHERE ?1 IS NULL OR user = ?1 ORDER BY created_at, prefix", (user,)
            ).fetchall()
        return [_key_of_row(row) for row in rows]

    def revoke(self, prefix: str) -> ApiKey:
        """Refuse a key for ever; `prefix` may be the whole key. UsageError where there is none."""
        known = _KEY.match(prefix)
        wanted = known[1] if known else prefix
        with self._file.changing() as connection:
            connection.execute(
                "UPDATE api_keys SET revoked_at = coalesce(revoked_at, ?) WHERE prefix = ?", (self._clock(), wanted)
            )
            row = connection.execute(f"{_KEYS} WHERE prefix = ?", (wanted,)).fetchone()
        if row is None:
            raise UsageError("there is no key of that prefix; see tracegraph keys list")
        return _key_of_row(row)

    def caller_of(self, credential: str) -> Caller | None:
        """Whose key it is; None: nobody's, or it is revoked or expired, or its user is disabled."""
        read = _KEY.match(credential)
        if read is None:
            return None
        found = self._found(read[1]) or _NONE
        proven = hmac.compare_digest(found.digest, _digest(found.salt, read[2]))
        now = self._clock()
        if not proven or (found.expires_at is not None and found.expires_at <= now):
            return None
        self._note_use(found, now - now % DAY)
        return found.caller

    def _found(self, prefix: str) -> _Remembered | None:
        with self._lock:
            if self._reader is None:
                self._reader = self._file.reader()
            version = self._reader.version()
            if version != self._version or len(self._remembered) > _MOST_REMEMBERED:
                self._remembered.clear()
                self._version = version
            known = self._remembered.get(prefix)
            if known is None:
                row = self._reader.row(_KEY_WITH_USER, prefix)
                known = None if row is None else _remembered(row)
                if known is not None:
                    self._remembered[prefix] = known
            return known

    def _note_use(self, key: _Remembered, day: int) -> None:
        """Once a day and key. That it cannot be noted is no reason to refuse."""
        if key.used_on is not None and key.used_on >= day:
            return
        key.used_on = day
        with suppress(StoreError), self._file.changing() as connection:
            connection.execute("UPDATE api_keys SET used_on = ? WHERE prefix = ?", (day, key.prefix))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._reader is not None:
                self._reader.close()
                self._reader = None


def is_key(credential: str) -> bool:
    """Whether it has the form of a key."""
    return _KEY.match(credential) is not None


def _random_text(count: int) -> str:
    return base64.b32encode(secrets.token_bytes(count)).decode().rstrip("=").lower()


def _digest(salt: bytes, secret: str) -> bytes:
    return hashlib.sha256(salt + secret.encode()).digest()


def _remembered(row: sqlite3.Row) -> _Remembered:
    user = user_of_row(row)
    usable = not user.disabled and row["revoked_at"] is None
    caller = user.caller(frozenset(json.loads(row["scopes"]))) if usable else None
    return _Remembered(row["prefix"], row["salt"], row["digest"], caller, row["expires_at"], row["used_on"])


def _key_of_row(row: sqlite3.Row) -> ApiKey:
    return ApiKey(
        row["prefix"],
        row["user"],
        frozenset(json.loads(row["scopes"])),
        row["label"],
        row["created_at"],
        row["expires_at"],
        row["revoked_at"],
        row["used_on"],
    )
