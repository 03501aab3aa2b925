"""B3 and B4: a forged address dodges no limit, and no limit shuts out a hall behind one address."""

import ipaddress
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.config import Config
from app.db.session import Database
from app.web.limits import PER_ADDRESS, PER_CODE, client_network
from tests.factories.law import load_law
from tests.factories.surveys import Surveyed, make_survey
from tests.support.citizen import Citizen, form_id
from tests.support.clock import SettableClock
from tests.support.door import Visitor, code_of
from tests.support.limits import end_minute

PROXY = "10.0.0.1"
REAL = "203.0.113.7"
PEOPLE = 200
PER_MINUTE = 10  # three times what an hour of two hundred makes of a minute
addresses = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str)
claims = st.lists(st.one_of(addresses, st.text(max_size=30).filter(lambda text: "\n" not in text)), max_size=4)


# B3: pure


@given(forged=claims)
def test_b3_without_own_proxies_nothing_that_is_claimed_counts(forged: list[str]) -> None:
    assert client_network(REAL, forged, 0) == REAL


@given(forged=claims, hops=st.integers(1, 3))
def test_b3_only_the_entry_of_the_own_proxies_counts(forged: list[str], hops: int) -> None:
    own = [REAL, *(f"10.0.0.{number}" for number in range(2, hops + 1))]
    assert client_network(PROXY, [*forged, *own], hops) == REAL
    assert client_network(PROXY, [", ".join([*forged, *own])], hops) == REAL


@given(forged=claims)
def test_b3_an_unreadable_entry_counts_as_the_proxy_never_as_the_claim_beside_it(forged: list[str]) -> None:
    assert client_network(PROXY, [*forged, "unknown"], 1) == PROXY
    assert client_network(PROXY, [*forged, ""], 1) == PROXY


def test_b3_a_shorter_chain_than_configured_is_not_believed() -> None:
    assert client_network(PROXY, [REAL], 2) == PROXY
    assert client_network(PROXY, [], 1) == PROXY


@given(address=st.ip_addresses(v=4), port=st.integers(1, 65535))
def test_b3_a_port_makes_no_new_network_of_ipv4(address: ipaddress.IPv4Address, port: int) -> None:
    assert client_network(PROXY, [f"{address}:{port}"], 1) == str(address)
    assert client_network(PROXY, [f"::ffff:{address}"], 1) == str(address)


@given(address=st.ip_addresses(v=6), port=st.integers(1, 65535), host=st.integers(0, 2**64 - 1))
def test_b3_an_ipv6_network_is_one_whatever_host_and_port(address: ipaddress.IPv6Address, port: int, host: int) -> None:
    if (
        address.ipv4_mapped
        or address.ipv4_mapped != ipaddress.IPv6Address((int(address) >> 64 << 64) + host).ipv4_mapped
    ):
        return
    neighbour = ipaddress.IPv6Address((int(address) >> 64 << 64) + host)
    expected = str(ipaddress.ip_network((address, 64), strict=False))
    for text in (str(address), f"[{address}]", f"[{address}]:{port}", address.exploded, str(neighbour)):
        assert client_network(PROXY, [text], 1) == expected, text


def test_b3_an_ipv6_zone_is_no_new_network() -> None:
    assert client_network(PROXY, ["fe80::1%eth0"], 1) == client_network(PROXY, ["fe80::1%wlan1"], 1)


@given(peer=st.text(max_size=20), forwarded=claims, hops=st.integers(0, 5))
def test_b3_no_header_makes_an_error(peer: str, forwarded: list[str], hops: int) -> None:
    assert client_network(peer, forwarded, hops)


# B3 and B4 through the pages


@pytest.fixture
def survey(database: Database, clock: SettableClock) -> Surveyed:
    return make_survey(database, counters=2)


def flood(client: FlaskClient, token: str, count: int, **headers: str) -> list[int]:
    """Taps of different forms, one after the other."""
    page = f"/q/{token}"
    found = []
    for _ in range(count):
        data = {"form_id": form_id(client.get(page, query_string={"again": "1"})), "q_overall": "4"}
        found.append(client.post(page, data=data, headers=headers).status_code)
    return found


def test_b3_forged_addresses_do_not_dodge_the_limit_of_a_code(app: Flask, survey: Surveyed) -> None:
    client = app.test_client()
    found = []
    for number in range(PER_CODE.amount + 5):
        found += flood(client, survey.token, 1, **{"X-Forwarded-For": f"198.51.100.{number % 250}"})
    assert found[:60] == [303] * 60
    assert 429 in found


def test_b3_forged_addresses_do_not_dodge_the_ceiling_of_an_address(app: Flask, survey: Surveyed) -> None:
    limits = app.extensions["langnghe-limits"]
    with app.test_request_context(headers={"X-Forwarded-For": "198.51.100.1"}, environ_base={"REMOTE_ADDR": REAL}):
        assert limits.network() == REAL


def test_b3_behind_one_proxy_its_entry_counts(
    config: Config, make_app: Callable[[Config], Flask], survey: Surveyed
) -> None:
    app = make_app(replace(config, trusted_proxy_hops=1))
    lines = [("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", f"2.2.2.2, {REAL}")]
    with app.test_request_context(headers=lines, environ_base={"REMOTE_ADDR": PROXY}):
        assert app.extensions["langnghe-limits"].network() == REAL


def test_b4_two_hundred_people_behind_one_address_get_through_in_an_hour(
    config: Config, make_app: Callable[[Config], Flask], database: Database, survey: Surveyed, clock: SettableClock
) -> None:
    """Scan, tap, details and the whole door of each, faster than an hour asks for; the limiter's minutes are ended."""
    load_law(database)
    app = make_app(replace(config, kept_seconds=20))
    for number in range(PEOPLE):
        client = app.test_client()
        citizen = Citizen(client, survey.tokens[number % 2])
        assert citizen.answer(4).status_code == 303
        assert code_of(Visitor(client, citizen.token).whole_way(text=f"Góp ý thứ {number} của tôi"))
        clock.advance(seconds=3600 / PEOPLE)
        if number % PER_MINUTE == PER_MINUTE - 1:
            end_minute(app)


def test_b4_a_flood_on_one_code_is_slowed_keeps_the_text_and_leaves_the_other_code_alone(
    app: Flask, survey: Surveyed
) -> None:
    assert PER_ADDRESS.amount > 2 * PER_CODE.amount
    client = app.test_client()
    tapped = Citizen(client, survey.token).tap(4)
    more = client.get(tapped.headers["Location"])
    feedback = client.get(f"/q/{survey.token}/feedback")
    assert 429 in flood(app.test_client(), survey.token, PER_CODE.amount + 2)

    late = client.post(
        tapped.headers["Location"], data={"form_id": form_id(more), "q_comment": "Chờ <hai> giờ", "q_c24": "2"}
    )
    assert late.status_code == 429
    assert "Chờ &lt;hai&gt; giờ" in late.text
    assert 'id="q_c24-2" value="2" checked' in late.text

    text = client.post(f"/q/{survey.token}/feedback", data={"form_id": form_id(feedback), "text": "Thiếu ghế ngồi chờ"})
    assert text.status_code == 429
    assert "Thiếu ghế ngồi chờ" in text.text

    other = Citizen(app.test_client(), survey.tokens[1])
    assert other.answer(5).status_code == 303
