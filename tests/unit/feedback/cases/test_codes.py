"""Secret codes and public numbers: long enough, checked, forgiving when typed; a number opens nothing."""

from hypothesis import given
from hypothesis import strategies as st

from app.feedback.cases import codes
from app.feedback.cases.keys import code_index
from app.feedback.cases.numbers import new_public_number
from app.qr import tokens

CODES = st.builds(
    lambda picks: codes.new_code(lambda signs: signs[picks.pop() % len(signs)] if picks else signs[0]),
    st.lists(st.integers(0, 20), min_size=19, max_size=19),
)


def test_b1_a_code_has_eighty_bits_and_a_check_sign() -> None:
    assert codes.ENTROPY_BITS >= 80
    made = {codes.new_code() for _ in range(300)}
    assert len(made) == 300
    assert all(len(code) == codes.LENGTH and codes.is_well_formed(code) for code in made)
    assert codes.printed("2345678923456789CFHJ") == "2345-6789-2345-6789-CFHJ"


@given(CODES, st.integers(0, codes.LENGTH - 1), st.sampled_from(tokens.ALPHABET))
def test_b1_one_wrong_sign_is_noticed(code: str, place: int, sign: str) -> None:
    wrong = code[:place] + sign + code[place + 1 :]
    assert codes.is_well_formed(wrong) == (wrong == code)


@given(CODES, st.integers(0, codes.LENGTH - 3))
def test_b1_two_signs_exchanged_are_noticed(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert codes.is_well_formed(swapped) == (swapped == code)


@given(CODES)
def test_a_code_typed_in_any_usual_way_is_the_same(code: str) -> None:
    ways = (code.lower(), codes.printed(code), codes.printed(code).replace("-", " "), f"  {codes.printed(code)}\n")
    assert {codes.normalise(way) for way in ways} == {code}
    assert len({code_index(way) for way in ways}) == 1


@given(st.text(max_size=120))
def test_anything_typed_is_answered(typed: str) -> None:
    assert codes.is_well_formed(codes.normalise(typed)) in {True, False}


def test_b1_numbers_are_random_and_open_nothing() -> None:
    made = [new_public_number() for _ in range(500)]
    assert len(set(made)) == 500
    assert made != sorted(made)
    assert not any(codes.is_well_formed(codes.normalise(number)) for number in made)
    assert not any(tokens.is_well_formed(tokens.normalise(number)) for number in made)
    assert not any(tokens.is_well_formed(codes.new_code()) for _ in range(500))
