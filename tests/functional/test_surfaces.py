"""The public and the officer surface as processes of their own: the public one has no officer route at all."""

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from app.config import Config
from app.web.access import guard_of
from tests.factories.officers import officer_client


def rules(app: Flask) -> set[str]:
    return {rule.rule for rule in app.url_map.iter_rules()}


@pytest.fixture
def surfaces(config: Config, make_app: Callable[[Config], Flask]) -> dict[str, Flask]:
    return {name: make_app(replace(config, surface=name)) for name in ("all", "public", "officer")}


def test_the_public_surface_has_no_officer_route(surfaces: dict[str, Flask]) -> None:
    public = surfaces["public"]
    assert [rule for rule in rules(public) if "officer" in rule] == []
    assert all(guard_of(view) and guard_of(view).is_public for view in public.view_functions.values())
    assert not any("officer" in name or name.startswith("accounts") for name in public.blueprints)


def test_together_they_are_the_whole(surfaces: dict[str, Flask]) -> None:
    assert rules(surfaces["public"]) | rules(surfaces["officer"]) == rules(surfaces["all"])
    shared = rules(surfaces["public"]) & rules(surfaces["officer"])
    assert shared == {"/", "/favicon.ico", "/healthz", "/readyz", "/static/<path:filename>"}


def test_each_front_page_leads_where_its_host_leads(surfaces: dict[str, Flask]) -> None:
    public = surfaces["public"].test_client().get("/")
    assert public.status_code == 200
    assert "/officer" not in public.text
    assert surfaces["officer"].test_client().get("/").headers["Location"] == "/officer"
    assert 'href="/officer/sign-in"' in surfaces["all"].test_client().get("/").text


def test_officers_work_on_their_own_surface(surfaces: dict[str, Flask], database) -> None:
    client = officer_client(surfaces["officer"], database)
    for rule in surfaces["officer"].url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.rule.startswith("/officer"):
            assert client.get(rule.rule).status_code in (200, 302, 303, 403, 404), rule.rule
    assert surfaces["officer"].test_client().get("/results").status_code == 404


def test_a_live_public_server_knows_no_officer(start_server: Callable[..., object]) -> None:
    server = start_server(LANGNGHE_SURFACE="public")

    def status(path: str) -> int:
        try:
            with urllib.request.urlopen(server.url + path, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    assert status("/results") == 200
    found = {path: status(path) for path in ("/officer", "/officer/sign-in", "/officer/officers", "/officer/x")}
    assert found == dict.fromkeys(found, 404)
