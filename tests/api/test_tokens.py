"""Tokens of an issuer: taken if it signed them for this service and they hold now, and nothing else is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.api.clients import service
from tests.api.served import free_port
from tracegraph.access.caller import Caller, Role
from tracegraph.api.claims import read_mapping
from tracegraph.api.problems import Problem
from tracegraph.api.settings import Oidc
from tracegraph.api.tokens import FRESH, PAUSE, STALE, Tokens, fetched
from tracegraph.errors import UsageError

ISSUER = "https://issuer.example/realm"
KEYS_AT = f"{ISSUER}/keys"
NOW = 1_800_000_000
MAKER = "https://id.gs1.org/417/9521234000006"
FIRST = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
SECOND = RSAKey.generate_key(2048, {"kid": "second"})
CURVE = ECKey.generate_key("P-256", {"kid": "curve"})


class Issuer:
    """What is at an issuer's addresses, how often they were asked, and the time."""

    def __init__(self) -> None:
        self.keys: list[Any] = [FIRST]
        self.told = {"issuer": ISSUER, "jwks_uri": KEYS_AT}
        self.asked: list[str] = []
        self.silent = False
        self.now = float(NOW)

    def __call__(self, address: str) -> dict[str, Any]:
        self.asked.append(address)
        if self.silent:
            raise httpx.ConnectError("no answer")
        if address == KEYS_AT:
            return {"keys": [key.as_dict(private=False) for key in self.keys]}
        assert address == f"{ISSUER}/.well-known/openid-configuration"
        return dict(self.told)

    def clock(self) -> float:
        return self.now


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def tokens(issuer: Issuer) -> Tokens:
    return Tokens(Oidc(ISSUER, "tracegraph"), issuer, issuer.clock)


def claims(**others: Any) -> dict[str, Any]:
    told = {
        "iss": ISSUER,
        "aud": "tracegraph",
        "sub": "u-17",
        "exp": NOW + 600,
        "iat": NOW,
        "role": "operator",
        "organisations": ["9521234000006"],
    }
    told.update(others)
    return {name: value for name, value in told.items() if value is not None}


def signed(key: Any = FIRST, algorithm: str = "RS256", header: dict[str, Any] | None = None, **others: Any) -> str:
    head = {"alg": algorithm, "kid": key.kid} if header is None else header
    return jwt.encode(head, claims(**others), key, algorithms=[head["alg"]])


def test_a_token_says_who_asks(tokens: Tokens) -> None:
    assert tokens.caller_of(signed()) == Caller("oidc:u-17", Role.OPERATOR, frozenset({MAKER}))


@pytest.mark.parametrize(
    "others",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "another service"},
        {"aud": None},
        {"aud": []},
        {"exp": NOW - 61},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": NOW + 61},
        {"iat": NOW + 61},
        {"sub": None},
        {"sub": ""},
        {"sub": "a\nb"},
        {"sub": "x" * 256},
        {"sub": 5},
        {"role": None},
        {"role": "king"},
        {"role": "public"},
        {"organisations": None},
        {"organisations": []},
    ],
)
def test_what_does_not_hold_is_nobody(tokens: Tokens, others: dict[str, Any]) -> None:
    assert tokens.caller_of(signed(**others)) is None


@pytest.mark.parametrize("others", [{"exp": NOW - 59}, {"nbf": NOW + 59}, {"aud": ["other", "tracegraph"]}])
def test_clocks_may_differ_and_audiences_be_several(tokens: Tokens, others: dict[str, Any]) -> None:
    assert tokens.caller_of(signed(**others)) is not None


def test_only_the_issuers_signature_counts(tokens: Tokens) -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "first"})
    assert tokens.caller_of(signed(stranger)) is None
    head, payload, signature = signed().split(".")
    forged = base64.urlsafe_b64encode(json.dumps(claims(role="admin")).encode()).rstrip(b"=").decode()
    assert tokens.caller_of(f"{head}.{forged}.{signature}") is None
    assert tokens.caller_of(f"{head}.{payload}.") is None


def test_no_signature_and_no_shared_secret(tokens: Tokens) -> None:
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    payload = base64.urlsafe_b64encode(json.dumps(claims()).encode()).rstrip(b"=").decode()
    assert tokens.caller_of(f"{head}.{payload}.") is None
    # the public key taken for a secret
    begun = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"first"}').rstrip(b"=").decode() + f".{payload}"
    proof = hmac.digest(FIRST.as_pem(private=False), begun.encode(), hashlib.sha256)
    assert tokens.caller_of(f"{begun}.{base64.urlsafe_b64encode(proof).rstrip(b'=').decode()}") is None


def test_a_key_is_used_for_its_own_algorithm_only(tokens: Tokens, issuer: Issuer) -> None:
    free = RSAKey.import_key({name: value for name, value in FIRST.as_dict(private=True).items() if name != "alg"})
    assert tokens.caller_of(signed(free)) is not None
    assert tokens.caller_of(signed(free, "PS256")) is None
    issuer.keys = [CURVE]
    issuer.now += PAUSE
    assert tokens.caller_of(signed(CURVE, "ES256")) is not None
    issuer.keys = [RSAKey.import_key(FIRST.as_dict(private=False) | {"use": "enc"})]
    issuer.now += PAUSE
    assert tokens.caller_of(signed(header={"alg": "RS256", "kid": "first"})) is None


def test_a_token_that_names_no_key_is_tried_with_all(tokens: Tokens, issuer: Issuer) -> None:
    issuer.keys = [FIRST, SECOND]
    assert tokens.caller_of(signed(SECOND, header={"alg": "RS256"})) is not None


@pytest.mark.parametrize(
    "text", ["", "a.b", "a.b.c", "...", "e30.e30.e30", "bnVsbA.e30.", "é.é.é", "." * 20_000, "W10.."]
)
def test_what_is_no_token_is_nobody_and_asks_nobody(tokens: Tokens, issuer: Issuer, text: str) -> None:
    assert tokens.caller_of(text) is None
    assert issuer.asked == []


def test_keys_are_fetched_once_and_again_for_an_unknown_name_but_not_often(tokens: Tokens, issuer: Issuer) -> None:
    for _ in range(5):
        tokens.caller_of(signed())
    assert len(issuer.asked) == 2
    issuer.keys = [FIRST, SECOND]
    assert tokens.caller_of(signed(SECOND)) is None  # it was asked just now
    issuer.now += PAUSE
    assert tokens.caller_of(signed(SECOND)) is not None
    assert len(issuer.asked) == 4
    stranger = RSAKey.generate_key(2048, {"kid": "unknown"})
    for _ in range(5):
        tokens.caller_of(signed(stranger))
    assert len(issuer.asked) == 4


def test_a_key_that_the_issuer_took_back_is_refused(tokens: Tokens, issuer: Issuer) -> None:
    assert tokens.caller_of(signed()) is not None
    issuer.keys = [SECOND]
    issuer.now += FRESH + 1
    assert tokens.caller_of(signed(exp=NOW + 10_000)) is None


def test_an_issuer_that_is_silent_for_a_while_does_no_harm(tokens: Tokens, issuer: Issuer) -> None:
    assert tokens.caller_of(signed()) is not None
    issuer.silent = True
    issuer.now += STALE - 1
    assert tokens.caller_of(signed(exp=NOW + 2 * STALE)) is not None
    issuer.now += 2
    with pytest.raises(Problem, match="does not answer"):
        tokens.caller_of(signed(exp=NOW + 2 * STALE))


@pytest.mark.parametrize(
    "told",
    [
        {"issuer": "https://other.example"},
        {"jwks_uri": "http://issuer.example/keys"},
        {"jwks_uri": "file:///etc/passwd"},
    ],
)
def test_a_description_that_is_not_the_issuers_is_not_followed(
    tokens: Tokens, issuer: Issuer, told: dict[str, str]
) -> None:
    issuer.told.update(told)
    with pytest.raises(Problem, match="does not answer"):
        tokens.caller_of(signed())
    assert len(issuer.asked) == 1


def test_settings_that_would_be_no_protection_are_refused() -> None:
    for issuer in ("http://issuer.example", "issuer.example", "http://localhost.example"):
        with pytest.raises(UsageError, match="no https address"):
            Tokens(Oidc(issuer, "a"))
    for algorithms in (("HS256",), ("none",), ("RS256", "HS512"), ()):
        with pytest.raises(UsageError, match="no algorithm for tokens"):
            Tokens(Oidc(ISSUER, "a", algorithms=algorithms))


def mapping(folder: Path, **told: Any) -> Path:
    path = folder / "claims.json"
    path.write_text(json.dumps(told))
    return path


def test_a_file_says_what_claims_mean(issuer: Issuer, tmp_path: Path) -> None:
    path = mapping(
        tmp_path,
        name="client_id",
        role={"claim": ["access", "roles"], "values": {"team": "investigator", "plant": "operator"}},
        organisations={"claim": "groups", "values": {"plant-1": "9521234000006"}},
    )
    tokens = Tokens(Oidc(ISSUER, "tracegraph", path), issuer, issuer.clock)

    def asked(roles: Any, groups: Any) -> Caller | None:
        return tokens.caller_of(signed(client_id="c-1", access={"roles": roles}, groups=groups))

    assert asked(["plant", "team"], []) == Caller("oidc:c-1", Role.INVESTIGATOR)  # the first of the file
    assert asked("plant", ["plant-1", "x"]) == Caller("oidc:c-1", Role.OPERATOR, frozenset({MAKER}))
    assert asked(["plant"], ["9521234000006"]) is None  # only what the file names
    assert asked(["admin"], []) is None
    assert asked({"team": True}, []) is None


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"role": {}},
        {"role": {"claim": []}},
        {"role": {"claim": [1]}},
        {"role": {"claim": "r", "values": {"x": "king"}}},
        {"role": {"claim": "r", "values": {"x": "public"}}},
        {"role": {"claim": "r"}, "organisations": {}},
        {"role": "r"},
    ],
)
def test_a_wrong_file_is_told_at_the_start(tmp_path: Path, told: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        read_mapping(mapping(tmp_path, **told))
    with pytest.raises(UsageError, match="is wrong"):
        read_mapping(tmp_path / "nowhere.json")


@pytest.fixture
def provider() -> Iterator[str]:
    """A real issuer on this machine, with a user whose claims say that it is an investigator."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    user = json.dumps({"sub": "u-1", "role": "investigator"})
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", f"--port={port}", f"--user-claims={user}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not is_up(address):
            time.sleep(0.05)
        yield address
        process.terminate()


def is_up(address: str) -> bool:
    try:
        return httpx.get(address, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def logged_in(provider: str) -> str:
    """The token that a browser would get."""
    asked = {"client_id": "tracegraph", "redirect_uri": "https://app.example/back", "response_type": "code"}
    with httpx.Client(base_url=provider, trust_env=False) as browser:
        sent = browser.post("/oauth2/authorize", params={**asked, "scope": "openid"}, data={"sub": "u-1"})
        code = parse_qs(urlsplit(sent.headers["Location"]).query)["code"][0]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": asked["redirect_uri"]}
        token: str = browser.post("/oauth2/token", data=form, auth=("tracegraph", "secret")).json()["id_token"]
    return token


def test_a_real_issuers_token_opens_the_service(provider: str, tmp_path: Path) -> None:
    token = logged_in(provider)
    with service(tmp_path, oidc=Oidc(provider, "tracegraph")) as (_, client):
        assert client.get("/openapi.json", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert client.get("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == 403
        assert client.get("/openapi.json", headers={"Authorization": f"Bearer {token}x"}).status_code == 401
    with service(tmp_path, oidc=Oidc(provider, "another")) as (_, client):
        assert client.get("/openapi.json", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_an_issuer_that_never_answered_is_no_fault_of_the_caller(tmp_path: Path) -> None:
    with service(tmp_path, oidc=Oidc("http://127.0.0.1:9", "tracegraph")) as (_, client):
        answer = client.get("/openapi.json", headers={"Authorization": f"Bearer {signed()}"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(PAUSE))
        assert answer.json()["type"] == "urn:tracegraph:problem:issuer-silent"


def test_what_is_fetched_is_json_of_a_sane_size(provider: str) -> None:
    assert fetched(f"{provider}/.well-known/openid-configuration")["issuer"] == provider
    with pytest.raises(ValueError, match=r"Expecting value|no JSON"):
        fetched(provider)
    with pytest.raises(httpx.HTTPError):
        fetched(f"{provider}/nowhere")
