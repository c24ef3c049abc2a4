"""Bearer tokens of an OpenID Connect issuer: who the token says that the caller is, if the issuer signed it for us.

Source: RFC 7519 and RFC 8725 (JWT and its best practice), RFC 7517 (JWKS), OpenID Connect Discovery 1.0, section 4.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tracegraph.access.caller import Caller
from tracegraph.api.claims import Mapped, read_mapping
from tracegraph.api.problems import ISSUER_SILENT, Problem
from tracegraph.api.settings import Oidc
from tracegraph.errors import UsageError

#: Seconds that keys are used before they are fetched again, and that they are used at most where that fails.
FRESH = 3_600
STALE = 24 * 3_600
#: Seconds between two fetches, whatever callers send: an unknown key name must not make us ask the issuer each time.
PAUSE = 30
#: Seconds that clocks may differ.
LEEWAY = 60
MOST_CHARACTERS = 16_384
MOST_BYTES = 1_000_000
ASYMMETRIC = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "Ed448"}
)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

#: From an address to the JSON object there.
Fetch = Callable[[str], dict[str, Any]]


class Tokens:
    """The tokens of one issuer. `clock`: seconds since 1970-01-01T00:00Z."""

    def __init__(self, settings: Oidc, fetch: Fetch | None = None, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._clock = clock
        self._mapped: Mapped = read_mapping(settings.mapping)
        self._keys = _IssuerKeys(settings.issuer, fetch or fetched, clock)
        _check(settings)

    def caller_of(self, credential: str) -> Caller | None:
        """Whose token it is; None: nobody's. Raises Problem where the issuer's keys cannot be had."""
        if credential.count(".") != 2 or len(credential) > MOST_CHARACTERS:
            return None
        header = _header(credential)
        if header is None or header.get("alg") not in self._settings.algorithms:
            return None
        claims = self._claims(credential, header)
        return None if claims is None else self._mapped.caller(claims)

    def _claims(self, token: str, header: Mapping[str, Any]) -> dict[str, Any] | None:
        for key in self._keys.of(header):
            try:
                claims = jwt.decode(token, key, algorithms=list(self._settings.algorithms)).claims
                self._rules().validate(claims)
            except (JoseError, ValueError, TypeError, KeyError):
                continue
            return claims
        return None

    def _rules(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(self._clock()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.audience},
            exp={"essential": True},
            sub={"essential": True},
        )


class _IssuerKeys:
    """The issuer's public keys: found by discovery, kept, fetched again where a token names an unknown one."""

    def __init__(self, issuer: str, fetch: Fetch, clock: Callable[[], float]) -> None:
        self._issuer = issuer
        self._fetch = fetch
        self._clock = clock
        self._lock = Lock()
        self._keys: list[Any] = []
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")

    def of(self, header: Mapping[str, Any]) -> list[Any]:
        """The keys that may have signed a token of this header; Problem where none were ever fetched."""
        with self._lock:
            age = self._clock() - self._fetched_at
            if age > FRESH or not self._named(header):
                self._refresh()
            if self._clock() - self._fetched_at > STALE:
                raise Problem(
                    ISSUER_SILENT,
                    "the issuer of tokens does not answer, so that no token can be checked; try again later",
                    {"Retry-After": str(PAUSE)},
                )
            return self._named(header)

    def _named(self, header: Mapping[str, Any]) -> list[Any]:
        """By the name in the header; where there is none, all."""
        name, algorithm = header.get("kid"), header["alg"]
        return [
            key
            for key in self._keys
            if (name is None or key.kid == name) and key.alg in (None, algorithm) and key.get("use") in (None, "sig")
        ]

    def _refresh(self) -> None:
        now = self._clock()
        if now - self._tried_at < PAUSE:
            return
        self._tried_at = now
        try:
            self._keys = self._fetch_keys()
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError):
            return
        self._fetched_at = now

    def _fetch_keys(self) -> list[Any]:
        told = self._fetch(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        address = str(told["jwks_uri"])
        if told["issuer"] != self._issuer or not _is_safe(address, self._issuer):
            raise ValueError(address)
        keys = [key for key in self._fetch(address)["keys"] if key.get("kty") in ("RSA", "EC", "OKP")]
        return list(KeySet.import_key_set({"keys": keys}).keys)


def fetched(address: str) -> dict[str, Any]:
    """The JSON object at an address, without following redirects; ValueError where there is none."""
    with (
        httpx.Client(timeout=5.0, follow_redirects=False, trust_env=False) as client,
        client.stream("GET", address, headers={"Accept": "application/json"}) as response,
    ):
        response.raise_for_status()
        content = b""
        for piece in response.iter_bytes():
            content += piece
            if len(content) > MOST_BYTES:
                raise ValueError(f"{address} sends over {MOST_BYTES} bytes")
    told = json.loads(content)
    if not isinstance(told, dict):
        raise ValueError(f"{address} is no JSON object")
    return told


def _check(settings: Oidc) -> None:
    if not _is_safe(settings.issuer, settings.issuer):
        raise UsageError(f"the issuer {settings.issuer} is no https address; tokens need one")
    weak = sorted(set(settings.algorithms) - ASYMMETRIC)
    if weak or not settings.algorithms:
        raise UsageError(f"{', '.join(weak) or 'nothing'} is no algorithm for tokens; choose of {sorted(ASYMMETRIC)}")


def _is_safe(address: str, issuer: str) -> bool:
    """https; for an issuer on this machine (to try things) http too."""
    parts, home = urlsplit(address), urlsplit(issuer)
    if parts.scheme == "https" and parts.hostname:
        return True
    return parts.scheme == "http" and parts.hostname in _LOOPBACK and home.hostname in _LOOPBACK


def _header(token: str) -> dict[str, Any] | None:
    """What a token says of itself, not yet proven."""
    try:
        first = token.split(".", 1)[0]
        told = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and isinstance(told.get("alg"), str) else None
