"""Which addresses and URLs may be reached: every form of an inside address that is known to us."""

from ipaddress import IPv4Network, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from yarl import URL

from webhooks.destination import REFUSED_V4, Destination, Policy, Refused
from webhooks.exceptions import BadNetwork

PUBLIC = Policy()

REFUSED_ADDRESSES = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.0.0.2
    127.255.255.255 168.63.129.16 169.254.169.254 169.254.0.1 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192
    192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.9
    224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::2 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0.0.0.0
    ::ffff:0:127.0.0.1 0:0:0:0:0:ffff:7f00:1 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::a9fe:a9fe
    64:ff9b:1::1 64:ff9b:1::8.8.8.8 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1
    2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 2002:808:808:: 3fff::1 4000::1 5f00::1 fc00::1 fd00::1
    fd00:ec2::254 fe80::1 febf::1 fec0::1 feff::1 ff02::1 ff0e::1 2600:1::5efe:10.0.0.1 2600:1::200:5efe:127.0.0.1
    8000::1 fe80::1%eth0 2600::1%lo
""".split()

REACHABLE_ADDRESSES = """
    8.8.8.8 1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255
    172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
    2606:4700::1111 2a00:1450:4001:80f::200e 2600:: 2001:4860:4860::8888 2001:200::1 2003::1 3ffe::1
    ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2600:1::5efe:8.8.8.8
""".split()


@pytest.mark.parametrize("address", REFUSED_ADDRESSES)
def test_addresses_that_are_refused(address: str) -> None:
    refused = PUBLIC.check(address)
    assert refused is not None
    assert refused.address
    assert PUBLIC.check(ip_address(address)) == refused


@pytest.mark.parametrize("address", REACHABLE_ADDRESSES)
def test_addresses_that_may_be_reached(address: str) -> None:
    assert PUBLIC.check(address) is None


@pytest.mark.parametrize(
    "text", ["", "localhost", "127.1", "0x7f.0.0.1", "010.0.0.1", "2130706433", "1.2.3.4/8", "x" * 999]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    assert PUBLIC.check(text) is not None


def test_the_reason_names_the_kind_of_network() -> None:
    assert PUBLIC.check("10.1.2.3") == Refused("10.1.2.3 is a private network", address=True)
    assert PUBLIC.check("64:ff9b::7f00:1") == Refused(
        "64:ff9b::7f00:1 leads to 127.0.0.1 is loopback", address=True
    )


def test_what_the_deployment_allows_is_allowed_and_nothing_more() -> None:
    policy = Policy.allowing(["127.0.0.1/32", "fd00:1::/32"])
    assert policy.check("127.0.0.1") is None
    assert policy.check("::ffff:127.0.0.1") is None
    assert policy.check("fd00:1::5") is None
    for address in ("127.0.0.2", "fd00:2::1", "::1", "64:ff9b::127.0.0.1", "2002:7f00:1::", "::127.0.0.1"):
        assert policy.check(address) is not None


@pytest.mark.parametrize("text", ["", "localhost", "10.0.0.1/8", "10.0.0.0/33"])
def test_an_allow_list_is_made_of_networks(text: str) -> None:
    with pytest.raises(BadNetwork):
        Policy.allowing([text])


@settings(deadline=None)
@given(some.sampled_from([network for network, _ in REFUSED_V4]), some.integers(0, 2**32 - 1))
def test_no_address_of_a_refused_network_passes_in_any_disguise(network: IPv4Network, offset: int) -> None:
    address = network[offset % network.num_addresses]
    for form in ("{}", "::ffff:{}", "::{}", "64:ff9b::{}", "::ffff:0:{}", "2a00::5efe:{}"):
        assert PUBLIC.check(form.format(address)) is not None
    assert isinstance(PUBLIC.check_url(f"http://{int(address)}/"), Refused)


REFUSED_URLS = [
    # other ways to write 127.0.0.1 and friends
    *(f"http://{address}/" for address in REFUSED_ADDRESSES if ":" not in address),
    *(f"http://[{address}]/" for address in REFUSED_ADDRESSES if ":" in address),
    "http://127.1/",
    "http://127.0.1/",
    "http://0/",
    "http://0x7f.1/",
    "http://0x7f000001/",
    "http://0X7F000001/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://127.0.0.0x1/",
    "http://0x/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://127.0.0.01/",
    "http://8.8.8.08/",
    "http://3232235521/",
    "http://127.0.0.1./",
    "http://127.0.0.1:80/",
    "http://1.2.3.4.5/",
    "http://256.1.1.1/",
    "http://99999999999/",
    "http://127。0。0。1/",
    "http://１２７.０.０.１/",
    "http://①②⑦.⓪.⓪.①/",
    "http://%31%32%37.0.0.1/",
    "http://127.0.0.1%00.example.com/",
    "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:0:0:1]:8080/",
    "http://[::1%25lo]/",
    "http://[::]/",
    "http://[127.0.0.1]/",
    "http://[v1.x]/",
    "http://[::1/",
    "http://[8.8.8.8]x/",
    # who is asked, and who it looks like
    "http://user@example.com/",
    "http://user:password@example.com/",
    "http://example.com@127.0.0.1/",
    "http://example.com:80@127.0.0.1/",
    "http://127.0.0.1\\@example.com/",
    "http://127.0.0.1#@example.com/",
    # no URL of ours
    "",
    "example.com",
    "//example.com/",
    "/path",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "javascript:alert(1)",
    "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "http:",
    "http://",
    "http:///path",
    "http:example.com",
    "http://:80/",
    "http://./",
    "http://../",
    "http://.example.com/",
    "http://example..com/",
    "http://exa mple.com/",
    " http://example.com/",
    "http://example.com/\r\nX: y",
    "http://example.com/\x00",
    "http://example.com\t/",
    "http://exam\u00a0ple.com/",
    "http://exa$mple.com/",
    "http://example.com,/",
    "http://\ud800.example/",
    "http://" + "a" * 64 + ".example/",
    "http://" + "a." * 130 + "example/",
    "http://xn--.example\u3002\u3002/",
    "http://example.com/" + "x" * 2_048,
    # ports
    "http://example.com:/",
    "http://example.com:0/",
    "http://example.com:65536/",
    "http://example.com:-1/",
    "http://example.com:+80/",
    "http://example.com:80a/",
    "http://example.com:８０/",
    "http://example.com:000080/",
    "http://example.com:22/",
    "http://example.com:25/",
    "http://example.com:6379/",
    "http://example.com:80:80/",
]


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_urls_that_are_refused(url: str) -> None:
    refused = PUBLIC.check_url(url)
    assert isinstance(refused, Refused)
    refused.reason.encode()


def test_there_are_enough_forms() -> None:
    assert len(set(REFUSED_ADDRESSES)) >= 60
    assert len(set(REFUSED_URLS)) >= 120


@pytest.mark.parametrize(
    ("url", "called", "endpoint"),
    [
        ("https://example.com", "https://example.com/", ("https", "example.com", 443)),
        ("HTTPS://EXAMPLE.com:443/A?b=C#d", "https://example.com/A?b=C", ("https", "example.com", 443)),
        ("http://example.com.:8080/x", "http://example.com:8080/x", ("http", "example.com", 8080)),
        ("http://8.8.8.8/x", "http://8.8.8.8/x", ("http", "8.8.8.8", 80)),
        ("http://[2606:4700:0::1111]:81/", "http://[2606:4700::1111]:81/", ("http", "2606:4700::1111", 81)),
        ("https://bücher.example/ä?ü=ß", "https://xn--bcher-kva.example/%C3%A4?%C3%BC=%C3%9F", None),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/", None),
        ("https://hooks_1.example/a%2Fb/%zz?c=%20", "https://hooks_1.example/a%2Fb/%zz?c=%20", None),
        ("https://redis/", "https://redis/", None),
        ("https://0x7f.example/", "https://0x7f.example/", None),
        ("https://127.0.0.1.example/", "https://127.0.0.1.example/", None),
        ("https://example.com/a//b/../c;d?e=f&g=[h]", "https://example.com/a//b/../c;d?e=f&g=[h]", None),
    ],
)
def test_urls_that_may_be_called(url: str, called: str, endpoint: tuple[str, str, int] | None) -> None:
    found = PUBLIC.check_url(url)
    assert isinstance(found, Destination)
    assert found.url == called
    assert endpoint is None or found.endpoint == endpoint
    assert PUBLIC.check_url(found.url) == found


def test_a_literal_address_is_checked_with_the_allow_list() -> None:
    policy = Policy.allowing(["127.0.0.1/32"])
    found = policy.check_url("http://127.0.0.1:5000/hook")
    assert isinstance(found, Destination)
    assert found.literal == ip_address("127.0.0.1")
    assert isinstance(policy.check_url("http://127.0.0.2:5000/hook"), Refused)
    assert isinstance(policy.check_url("http://2130706433:5000/hook"), Refused)


URLS = (
    some.text()
    | some.tuples(some.sampled_from(["http://", "https://", "HTTP://[", "http://a@"]), some.text()).map(
        "".join
    )
    | some.from_regex(r"https?://[\[\]0-9a-fx.:@%]{1,20}(:[0-9]{1,6})?/?.*", fullmatch=True)
)


@settings(deadline=None)
@given(URLS)
def test_what_is_checked_is_what_is_called(url: str) -> None:
    found = PUBLIC.check_url(url)
    if isinstance(found, Destination):
        called = URL(found.url, encoded=True)  # as the sender reads it
        assert (called.scheme, called.raw_host, called.port) == (found.scheme, found.host, found.port)
        assert found.url.isascii()
        assert called.user is None
        assert found.literal is None or PUBLIC.check(found.literal) is None
