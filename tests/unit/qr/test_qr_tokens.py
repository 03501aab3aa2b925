"""Tokens: enough chance, no look-alikes, and typing slips found or undone."""

import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.qr import tokens
from app.qr.tokens import ALPHABET, LENGTH, is_well_formed, new_token, normalise, printed

drawn_tokens = st.integers(min_value=0).map(lambda seed: new_token(random.Random(seed).choice))


def test_alphabet_has_no_look_alikes_and_no_letters_a_vietnamese_keyboard_changes():
    assert not set(ALPHABET) & set("01OILU" + "SZBG" + "AEIOUYWD")
    assert len(set(ALPHABET)) == len(ALPHABET) == 21
    assert ALPHABET.upper() == ALPHABET


def test_at_least_sixty_bits():
    assert tokens.ENTROPY_BITS > 65


def test_new_tokens_are_well_formed_and_differ():
    drawn = {new_token() for _ in range(2_000)}
    assert len(drawn) == 2_000
    assert all(is_well_formed(token) and normalise(token) == token for token in drawn)


def test_random_signs_are_spread_over_the_whole_alphabet():
    drawn = "".join(new_token()[:-1] for _ in range(2_000))
    expected = len(drawn) / len(ALPHABET)
    assert all(0.85 * expected < drawn.count(sign) < 1.15 * expected for sign in ALPHABET)


@given(drawn_tokens)
def test_printed_form_has_four_groups_and_reads_back(token):
    assert [len(group) for group in printed(token).split("-")] == [4, 4, 4, 4]
    assert normalise(printed(token)) == token


@given(drawn_tokens, st.randoms(use_true_random=False))
def test_typing_habits_do_not_matter(token, chance):
    look_alikes = {"5": "sS5", "2": "zZ2", "8": "bB8", "6": "gG6", "V": "uUvV", "Q": "oO0qQ"}
    typed = "".join(
        chance.choice(look_alikes.get(sign, sign + sign.lower())) + chance.choice(["", "", "", " ", "-", "–"])
        for sign in token
    )
    assert normalise(f" {typed} ") == token


@given(drawn_tokens)
def test_full_width_letters_of_an_input_method_are_read(token):
    assert normalise("".join(chr(ord(sign) + 0xFEE0) for sign in token)) == token


@given(drawn_tokens, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_sign_is_found(token, place, wrong):
    assume(token[place] != wrong)
    assert not is_well_formed(token[:place] + wrong + token[place + 1 :])


@given(drawn_tokens, st.integers(0, LENGTH - 2), st.integers(0, LENGTH - 2))
def test_every_exchange_of_two_signs_is_found(token, first, second):
    assume(token[first] != token[second])
    signs = list(token)
    signs[first], signs[second] = signs[second], signs[first]
    assert not is_well_formed("".join(signs))


@given(st.text())
def test_any_text_is_judged_without_error(typed):
    token = normalise(typed)
    assert not is_well_formed(token) or (len(token) == LENGTH and set(token) <= set(ALPHABET))


@pytest.mark.parametrize("typed", ["", "1" * 16, "I" * 16, "7KQ2", "2" * 17, "2" * 100_000, "\x00" * 16])
def test_what_cannot_be_a_token_is_refused(typed):
    assert not is_well_formed(normalise(typed))
