"""A6: no route has forgotten its guard. Every address is walked."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.web.access import Guard, guard_of
from app.web.permissions import Permission

# Whoever adds a public address argues for it here.
PUBLIC = frozenset(
    {
        "/static/<path:filename>",
        "/favicon.ico",  # browsers ask for it by themselves
        "/healthz",
        "/readyz",
        "/",  # where somebody arrives who typed the host name only
        "/officer/sign-in",
        "/officer/single-sign-on",  # to the identity provider and back; 404 where there is none
        "/officer/single-sign-on/return",
        "/officer/invitation/<key>",  # whoever holds the link has no password yet
        # What a card leads to; the capital is the form inside the code, which makes it smaller.
        "/Q/<token>",
        "/q/<token>",
        "/q/<token>/more/<key>",
        "/q/<token>/thanks",
        "/q/<token>/feedback",
        # The door: what happened, from a code or from the site, and the pages after it.
        "/feedback",
        "/feedback/<any(text, kind, guidance, place, contact, check):step>",
        "/feedback/<any(text, kind, guidance, place, contact):step>",
        "/feedback/files",
        "/feedback/check",
        "/feedback/sent",
        "/feedback/sent/slip",
        "/feedback/sent/slip.pdf",
        "/feedback/sent/due.ics",
        "/feedback/sent/receipt.txt",
        "/feedback/thanks",
        # Following with the code; nothing in these addresses names a case.
        "/follow",
        "/follow/case",
        "/follow/calendar",
        "/follow/files/<int:number>",
        "/follow/<any(answer, files):act>",
        "/follow/<any(rating, reopening, review, notices):act>",
        "/follow/end",
        # Anybody may check a receipt.
        "/receipts",
        "/receipts/keys",
        "/interface/dossiers",  # the one-stop software, with its key
        # Open311: public answers for other systems, sending with a key.
        "/open311/v2/discovery.json",
        "/open311/v2/discovery.xml",
        "/open311/v2/services.json",
        "/open311/v2/services.xml",
        "/open311/v2/services/<key>.json",
        "/open311/v2/services/<key>.xml",
        "/open311/v2/requests.json",
        "/open311/v2/requests.xml",
        "/open311/v2/requests/<key>.json",
        "/open311/v2/requests/<key>.xml",
        "/open311/v2/tokens/<key>.json",
        "/open311/v2/tokens/<key>.xml",
        "/gateway/receipts",  # what the SMS gateway tells, signed
        # Answers made public in copies without personal data, with blacked-out copies of files.
        "/answers/<unit_code>/<key>/files/<int:number>",
        "/answers",
        "/answers/feed.xml",
        "/answers/<unit_code>",
        "/answers/<unit_code>/feed.xml",
        "/answers/<unit_code>/<key>",
        # Released results.
        "/results",
        "/results/<unit_code>",
        "/results/<unit_code>/data.csv",
        "/results/<unit_code>/data.json",
    }
)
# Asked for inside a view that another permission guards, or waiting for a page that is still to come.
ELSEWHERE = frozenset({Permission.RESULTS_READ_LIVE, Permission.ANSWERS_ENTER})
SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?")
PARAMETER = re.compile(r"<(?:(?P<converter>[a-z_]+)(?:\((?P<choices>[^)]*)\))?:)?(?P<name>[a-z_]+)>")
# Text parameters are looked up, never trusted: tokens, signed form ids, public numbers.
TEXT_PARAMETERS = frozenset({"token", "key", "filename", "unit_code", "case_id", "line_id"})


def _rules(app: Flask) -> Iterator[tuple[Rule, Guard | None]]:
    for rule in app.url_map.iter_rules():
        yield rule, guard_of(app.view_functions[rule.endpoint])


def test_a6_every_view_has_a_guard(app: Flask) -> None:
    assert [rule.rule for rule, guard in _rules(app) if guard is None] == []


def test_the_policy_of_every_route(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    """Prints each route with its policy, and how many there are of each kind; ``pytest -s`` shows it."""
    lines = sorted(
        f"{guard.policy + (', fresh password' if guard.is_fresh else ''):45} {'/'.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'})):5} {rule.rule}"
        for rule, guard in _rules(app)
        if guard is not None
    )
    kinds = Counter("officer permission" if ":" in line.split()[0] else line[:9].strip() for line in lines)
    fresh = sum("fresh password" in line for line in lines)
    with capsys.disabled() if os.environ.get("SHOW_ROUTES") else nullcontext():
        print("", *lines, f"{len(lines)} routes: {dict(kinds)}; {fresh} ask for the password again", sep="\n")  # noqa: T201
    assert len(lines) == len(list(app.url_map.iter_rules()))
    assert set(kinds) == {"public", "signed in", "officer permission"}


def test_every_permission_used_by_a_route_is_held_by_a_role_and_the_others_wait_for_casework(app: Flask) -> None:
    used = {guard.permission for _rule, guard in _rules(app) if guard is not None and guard.permission is not None}
    waiting = {one for one in Permission if one not in used}
    assert all(one.value.startswith("officer:cases:") or one in ELSEWHERE for one in waiting), waiting


def test_the_public_addresses_are_these(app: Flask) -> None:
    found = {rule.rule for rule, guard in _rules(app) if guard is not None and guard.is_public}
    assert found == PUBLIC


def test_officer_addresses_are_recognised_at_sight(app: Flask) -> None:
    for rule, guard in _rules(app):
        if guard is not None and not guard.is_public:
            assert rule.rule.startswith("/officer"), rule.rule


def test_addresses_are_kebab_case(app: Flask) -> None:
    for rule, _guard in _rules(app):
        fixed = [part.strip(".") for part in PARAMETER.sub("", rule.rule).split("/") if part.strip(".")]
        assert [part for part in fixed if part != "Q" and not SEGMENT.fullmatch(part)] == [], rule.rule


def test_parameters_are_typed(app: Flask) -> None:
    for rule, _guard in _rules(app):
        for found in PARAMETER.finditer(rule.rule):
            assert found["converter"] not in (None, "string") or found["name"] in TEXT_PARAMETERS, rule.rule


def test_no_address_answers_to_get_and_changes_something(app: Flask) -> None:
    """Views are made with ``.get`` or ``.post``; one that takes both tells its methods apart in two functions."""
    for rule, _guard in _rules(app):
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods in ({"GET"}, {"POST"}), rule.rule


def _example(rule: Rule) -> str:
    values = {"int": "1", "path": "x", "uuid": "00000000-0000-4000-8000-000000000000"}

    def value(found: re.Match[str]) -> str:
        if found["converter"] == "any":
            return found["choices"].split(",")[0].strip("'\"")
        return values.get(found["converter"] or "", "x")

    return PARAMETER.sub(value, rule.rule)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a6_nobody_gets_into_officer_pages_without_signing_in(app: Flask, method: str) -> None:
    client = app.test_client()
    for rule, guard in _rules(app):
        if guard is None or guard.is_public or method not in (rule.methods or ()):
            continue
        answer = client.open(_example(rule), method=method)
        assert answer.status_code in (303, 400, 403), rule.rule
        assert "/officer/sign-in" in answer.headers.get("Location", "/officer/sign-in"), rule.rule
