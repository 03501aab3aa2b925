"""What a test worker keeps of templates is what the product compiles."""

from collections.abc import Callable

from flask import Flask

from app.config import Config

NAMES = ("layouts/officer.html", "layouts/public.html", "cases/one.html", "accounts/sign_in.html")


def test_kept_and_fresh_templates_are_the_same_code(make_app: Callable[[Config], Flask], config: Config) -> None:
    first, second = make_app(config).jinja_env, make_app(config).jinja_env
    kept = second.bytecode_cache
    assert kept is first.bytecode_cache
    assert kept is not None
    for name in NAMES:
        first.get_template(name)
        source, filename, _ = second.loader.get_source(second, name)
        fresh = second.compile(source, name, filename)
        assert kept.get_bucket(second, name, filename, source).code == fresh, name
