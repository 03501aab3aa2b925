"""A number in an address that no row can have is an address that does not exist."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

NUMBER = re.compile(r"<int\b[^>]*>")
CHOICE = re.compile(r"<any\(([^,)]+)[^>]*>")
UUID, SOME_UUID = re.compile(r"<uuid:[^>]*>"), "00000000-0000-4000-8000-000000000000"
LARGEST = 2_147_483_647


@pytest.mark.parametrize("number", [str(LARGEST + 1), "9" * 10, "9" * 30, "9" * 5000, "٣"])
def test_no_number_is_too_large(signed_in_client: Callable[..., FlaskClient], number: str) -> None:
    client = signed_in_client()
    for address in ("/officer/codes/{}", "/officer/rounds/{}", "/officer/units/{}", "/officer/officers/{}"):
        assert client.get(address.format(number)).status_code == 404


def test_the_rule_holds_for_every_route(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if NUMBER.search(rule.rule)]
    assert rules
    routes = app.url_map.bind("localhost")
    for rule in rules:
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        fitting, too_large = (
            re.sub("<[^>]+>", "x", UUID.sub(SOME_UUID, CHOICE.sub(r"\1", NUMBER.sub(str(number), rule.rule))))
            for number in (LARGEST, LARGEST + 1)
        )
        assert routes.test(fitting, method), rule.rule
        assert not routes.test(too_large, method), rule.rule
