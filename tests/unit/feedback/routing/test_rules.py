"""Which route a case takes: the nearest unit, then the field, then the kind, then the newer one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.feedback.routing.rules import Route, best
from app.rules.kinds import Kind

PATH = (3, 2, 1)


def route(number: int, unit: int, field: int | None = None, kind: Kind | None = None) -> Route:
    return Route(number, unit, field, kind, to_unit_id=9, assignee_id=None)


def test_what_says_more_goes_before_what_is_further_away() -> None:
    near, far = route(1, 3), route(2, 1, 7, Kind.PETITION)
    of_field, of_kind, of_both = route(3, 3, 7), route(4, 3, None, Kind.PETITION), route(5, 3, 7, Kind.PETITION)
    newer = route(6, 3)
    assert best([far, near], PATH, 7, Kind.PETITION) == near
    assert best([near, of_kind, of_field], PATH, 7, Kind.PETITION) == of_field
    assert best([of_both, of_field, of_kind], PATH, 7, Kind.PETITION) == of_both
    assert best([of_field, of_kind], PATH, 8, Kind.PETITION) == of_kind
    assert best([of_field, of_both], PATH, 8, Kind.PETITION) is None
    assert best([of_field], PATH, None, Kind.PETITION) is None
    assert best([near, newer], PATH, None, Kind.SUGGESTION) == newer
    assert best([route(7, 4)], PATH, None, Kind.PETITION) is None


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from([None, 7, 8]), st.sampled_from([None, *Kind])), max_size=8),
    st.randoms(use_true_random=False),
)
def test_the_order_in_which_routes_are_kept_does_not_matter(
    given_routes: list[tuple[int, int | None, Kind | None]], random
) -> None:
    routes = [route(number, *one) for number, one in enumerate(given_routes)]
    mixed = list(routes)
    random.shuffle(mixed)
    assert best(routes, PATH, 7, Kind.PETITION) == best(mixed, PATH, 7, Kind.PETITION)
