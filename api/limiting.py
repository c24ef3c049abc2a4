"""How often one may ask: known callers by name, strangers and wrong credentials by address. Counted in memory.

Source of the headers: draft-ietf-httpapi-ratelimit-headers (RateLimit-Policy, RateLimit); RFC 9110, section 10.2.3
(Retry-After).
"""

from __future__ import annotations

import ipaddress
import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.types import Scope

from tracegraph.api.problems import TOO_MANY, Problem
from tracegraph.api.settings import Settings

#: Seconds of a window.
WINDOW = 60
#: An IPv6 address that one customer gets is a network of this length.
_NETWORK = 64


@dataclass(frozen=True, slots=True)
class Standing:
    """How a caller stands with its limit: whether it may ask, and what the response says of it."""

    allowed: bool
    headers: dict[str, str]

    def problem(self) -> Problem:
        """The refusal."""
        wait = self.headers["Retry-After"]
        return Problem(TOO_MANY, f"too many requests; ask again in {wait} seconds", self.headers)


#: Where there is no limit.
FREE = Standing(True, {})


class Limits:
    """The counters of one process."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._callers = _per_minute(settings.most_requests)
        self._strangers = _per_minute(settings.most_anonymous_requests)
        self._guesses = _per_minute(settings.most_wrong_credentials)

    def caller(self, name: str) -> Standing:
        """A request of a known caller, however many keys it has."""
        return self._hit(self._callers, "caller", name)

    def stranger(self, address: str) -> Standing:
        """A request without credentials."""
        return self._hit(self._strangers, "address", address)

    def guesser(self, address: str) -> Standing:
        """Whether this address may still try a credential; counts nothing."""
        item = self._guesses
        if item is None or self._limiter.test(item, "credential", address):
            return FREE
        return self._standing(item, "credential", address, allowed=False)

    def guessed(self, address: str) -> None:
        """A credential was wrong."""
        if self._guesses is not None:
            self._limiter.hit(self._guesses, "credential", address)

    def _hit(self, item: RateLimitItem | None, kind: str, who: str) -> Standing:
        if item is None:
            return FREE
        return self._standing(item, kind, who, self._limiter.hit(item, kind, who))

    def _standing(self, item: RateLimitItem, kind: str, who: str, allowed: bool) -> Standing:
        window = self._limiter.get_window_stats(item, kind, who)
        wait = max(1, math.ceil(window.reset_time - time.time()))
        told = {
            "RateLimit-Policy": f'"{kind}";q={item.amount};w={WINDOW}',
            "RateLimit": f'"{kind}";r={window.remaining if allowed else 0};t={wait}',
        }
        return Standing(allowed, told if allowed else {**told, "Retry-After": str(wait)})


def _per_minute(most: int) -> RateLimitItem | None:
    return RateLimitItemPerMinute(most) if most else None


def address_of(scope: Scope) -> str:
    """Where a request comes from: an IPv4 address, or the network of an IPv6 one; empty where nobody knows."""
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((address, _NETWORK), strict=False))
    return str(address)
