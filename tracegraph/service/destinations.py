"""Where deliveries may go. A subscriber names the address that this service calls, from inside its network: it must not
become a way to call what only the inside can reach (server-side request forgery).

Public addresses are called by https on few ports. What an allow-list names, hosts and networks, is called by http and
on any port too. A name is looked up once for each connection, and what is connected to is the address that was checked.
The refusal is one sentence whatever the reason within the network is, so that it tells nothing about it.
Sources: IANA special-purpose address registries (RFC 6890); NAT64 RFC 6052 and 8215, 6to4 RFC 3056, Teredo RFC 4380.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from tracegraph.errors import Refused, UsageError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: From a host to its addresses (none: it is not known).
Resolver = Callable[[str], Sequence[Address]]

#: Ports that are called where the allow-list names nothing.
PORTS = frozenset({443, 8443})
MOST_CHARACTERS = 2_000

#: Not the internet, besides what Python's `is_global` knows: registries grow, and these carry other addresses in them.
_NEVER = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
)
#: All of IPv6 that is given out; what carries an IPv4 address (mapped, NAT64) lies outside.
_GLOBAL_V6 = IPv6Network("2000::/3")

_PRINTABLE = re.compile(r"[!-~]+")
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.?")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A destination that may be called, in parts: `target` is path and query, `addresses` were all checked (none: the
    host is on the list, and cannot be found now)."""

    scheme: str
    host: str
    port: int
    target: str
    addresses: tuple[Address, ...]


def resolve(host: str) -> Sequence[Address]:
    """The addresses of a host, as the system finds them."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Destinations:
    """The rules. `hosts` (lower case) and `networks`: what the allow-list names."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    resolver: Resolver = field(default=resolve, compare=False)

    @classmethod
    def allowing(cls, names: Iterable[str], resolver: Resolver = resolve) -> Destinations:
        """The rules with an allow-list of host names, addresses and networks (`10.2.0.0/16`)."""
        hosts, networks = set(), list[Network]()
        for name in names:
            network = _network(name)
            if network is not None:
                networks.append(network)
            elif _NAME.fullmatch(name.lower()):
                hosts.add(name.lower().rstrip("."))
            else:
                raise UsageError(f"destination {name!r} is no host, address or network; write 10.2.0.0/16 or a host")
        return cls(frozenset(hosts), tuple(networks), resolver)

    def checked(self, url: str) -> Endpoint:
        """The destination, looked up now. Raises UsageError where it is no address to call, Refused where it is not
        allowed as the network is now."""
        parts = _parts(url)
        host = str(parts.hostname)
        addresses = tuple(self.resolver(host))
        trusted = self.is_listed(host, addresses)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if not trusted and parts.scheme != "https":
            raise Refused("dest is not https, and its host is not on the list of this service; write https://")
        if not trusted and port not in PORTS:
            allowed = " or ".join(map(str, sorted(PORTS)))
            raise Refused(f"dest has port {port}; only {allowed} are called")
        if not trusted and not (addresses and all(map(is_public, addresses))):
            raise Refused(
                f"dest {host} is not found or is no public host; name one that is, or have it put on the list"
            )
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Endpoint(parts.scheme, host, port, target, addresses)

    def is_listed(self, host: str, addresses: Sequence[Address]) -> bool:
        """Whether the allow-list names the host, or all of its addresses."""
        if host.rstrip(".") in self.hosts:
            return True
        return bool(addresses) and all(self._holds(address) for address in addresses)

    def _holds(self, address: Address) -> bool:
        return any(address in network for network in self.networks if network.version == address.version)


def is_public(address: Address) -> bool:
    """Whether anybody can reach it: given out to somebody, not private, not local, and no wrapping of another one."""
    if isinstance(address, IPv6Address) and address not in _GLOBAL_V6:
        return False
    if any(address in network for network in _NEVER if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _parts(url: str) -> SplitResult:
    """The parts of a URL that says nothing unusual. Raises UsageError for any other."""
    if len(url) > MOST_CHARACTERS or not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise UsageError(f"dest is no URL: up to {MOST_CHARACTERS} visible ASCII characters; encode others")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise UsageError("dest is no URL; write https://host/path") from None
    if parts.scheme not in ("http", "https") or port == 0:
        raise UsageError("dest is no URL of a web server; write https://host/path")
    if "@" in parts.netloc or parts.fragment:
        raise UsageError("dest has credentials or a fragment; leave them out, deliveries are signed instead")
    if "%" in host or (_network(host) is None and not _NAME.fullmatch(host)):
        raise UsageError("dest names no host; write https://host/path, other alphabets as xn--")
    return parts


def _network(text: str) -> Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
