"""Where deliveries may go, and that nothing inside can be reached by naming it."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.errors import Refused, TracegraphError, UsageError
from tracegraph.service.destinations import Destinations, is_public, resolve

PUBLIC = "93.184.215.14"


def knowing(**hosts: str | list[str]) -> Destinations:
    """Rules with a look-up of its own; underscores are dots. Literal addresses are looked up as everywhere."""
    known = {name.replace("_", "."): value for name, value in hosts.items()}

    def look_up(host: str):
        found = known.get(host)
        if found is None:
            return resolve(host) if any(char.isdigit() for char in host) else ()
        return [ip_address(address) for address in ([found] if isinstance(found, str) else found)]

    return Destinations(resolver=look_up)


RULES = knowing(client_example_com=PUBLIC, v6_example_com="2a00:1450::1", mixed_example_com=[PUBLIC, "10.0.0.1"])


@pytest.mark.parametrize(
    "url",
    [
        "https://client.example.com/events",
        "https://client.example.com",
        "https://CLIENT.example.com:8443/a?b=c&d",
        "https://v6.example.com/",
        f"https://{PUBLIC}/",
    ],
)
def test_what_is_public_is_called(url: str) -> None:
    assert RULES.checked(url).addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://client.example.com/",
        "https://client.example.com:80/",
        "https://client.example.com:22/",
        "https://nowhere.example.com/",
        "https://mixed.example.com/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://0.0.0.0/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://198.18.0.1/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[::127.0.0.1]/",
        "https://[fc00::1]/",
        "https://[fd00:ec2::254]/",
        "https://[fe80::1]/",
        "https://[fec0::1]/",
        "https://[ff02::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b:1::a00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001:0:7f00:1::]/",
        "https://[2001:db8::1]/",
    ],
)
def test_what_is_not_public_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        RULES.checked(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "client.example.com",
        "ftp://client.example.com/",
        "file:///etc/passwd",
        "gopher://client.example.com/",
        "https://",
        "https:///events",
        "https://user@client.example.com/",
        "https://user:secret@client.example.com/",
        "https://client.example.com/#part",
        "https://client.example.com:0/",
        "https://client.example.com:x/",
        "https://client.example.com:99999/",
        "https://client.example.com\\@inside/",
        "https://client.example.com/a b",
        "https://client.example.com/\r\nX-Injected: 1",
        "https://clïent.example.com/",
        "https://client_example.com/",
        "https://[fe80::1%25eth0]/",
        "https://[::1/",
        f"https://client.example.com/{'a' * 2000}",
    ],
)
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        RULES.checked(url)


def test_the_refusal_does_not_tell_what_the_inside_has() -> None:
    rules = knowing(database_inside="10.0.0.7")

    def said(host: str) -> str:
        with pytest.raises(Refused) as refused:
            rules.checked(f"https://{host}/")
        return str(refused.value).replace(host, "HOST")

    assert said("database.inside") == said("nothing.inside")


def test_the_list_allows_hosts_and_networks_by_http_and_on_any_port() -> None:
    rules = Destinations.allowing(
        ["Receiver.inside", "10.2.0.0/16", "127.0.0.1"], knowing(receiver_inside="10.9.9.9").resolver
    )
    assert rules.checked("http://receiver.inside:9000/").addresses == (IPv4Address("10.9.9.9"),)
    assert rules.checked("http://10.2.3.4:9000/x").port == 9000
    assert rules.checked("http://127.0.0.1:5/").port == 5
    for url in (
        "http://10.3.0.1/",
        "https://10.3.0.1/",
        "http://127.0.0.2/",
        "https://[::1]/",
        "https://other.inside/",
    ):
        with pytest.raises(Refused):
            rules.checked(url)


def test_a_host_with_an_address_outside_of_the_list_is_not_listed() -> None:
    found = [ip_address("10.2.0.1"), ip_address("10.3.0.1")]
    rules = Destinations.allowing(["10.2.0.0/16"], lambda _: found)
    with pytest.raises(Refused):
        rules.checked("https://inside.example.com/")


def test_a_list_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="no host"):
        Destinations.allowing(["http://host/"])


@given(st.ip_addresses(v=4))
def test_no_wrapping_makes_a_private_address_public(address: IPv4Address) -> None:
    number = int(address)
    wrapped = [
        IPv6Address(number),
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address((0x64FF9B << 96) | number),
        IPv6Address((0x2002 << 112) | number << 80),
        IPv6Address((0x20010000 << 96) | number),
    ]
    assert not any(map(is_public, wrapped))
    if not address.is_global:
        assert not is_public(address)


@given(st.ip_addresses(v=6))
def test_of_ipv6_only_what_is_given_out_is_public(address: IPv6Address) -> None:
    if is_public(address):
        assert address in IPv6Network("2000::/3")
        assert address.is_global
        assert address.ipv4_mapped is None
        assert address.sixtofour is None
        assert address.teredo is None


@given(st.text(max_size=60))
def test_whatever_is_written_is_allowed_or_refused_with_a_sentence(text: str) -> None:
    rules = Destinations(resolver=lambda _: ())
    for url in (text, f"https://{text}/", f"https://host/{text}"):
        with pytest.raises(TracegraphError):
            rules.checked(url)


def test_the_networks_of_the_registry_are_none_of_them_public() -> None:
    for network in ("10.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "240.0.0.0/4", "2001:db8::/32", "3fff::/20"):
        found = ip_network(network)
        assert not is_public(found[1])
        assert not is_public(found[-1])
