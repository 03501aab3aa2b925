"""Whether a password is one that everybody tries, offline (pure but for the list it reads).

Lists of breached passwords hold, among those of twelve signs and more, almost only short common words made longer in
few ways: digits before and after, a word twice, two words, letters written as digits. A list of such passwords would
have millions of lines, so the words are listed and the ways are rules: ``data/common_words.txt``, a text anybody may
add to, Vietnamese words and names included. Three words together already pass: length counts.

The 30,000 passwords that the package zxcvbn ranks are refused too, also with digits and signs around them.
"""

import re
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "common_words.txt"
MOST_WORDS = 2
MOST_OTHER_LETTERS = 3
LEAST_CORE = 5
_LEET = str.maketrans("@4$53!10", "aasseiio")
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def is_common(text: str) -> bool:
    """Whether nothing is left of a folded password but common words, digits, signs and a few letters."""
    core = _AROUND.sub("", text)
    if text in _ranked() or (len(core) >= LEAST_CORE and core in _ranked()):
        return True
    spellings = {_letters(text), _letters(core.translate(_LEET))}
    return any(_is_made_of_words(one) for one in spellings)


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha())


def _is_made_of_words(letters: str) -> bool:
    """Whether at most two different words of the list, in any number, leave at most three letters uncovered."""
    return _fewest_letters_left(letters) <= MOST_OTHER_LETTERS


def _fewest_letters_left(letters: str) -> int:
    words, longest = _words()
    # For each place: sets of words used so far and the letters they leave, kept small by the limits.
    reached: list[dict[frozenset[str], int]] = [{} for _ in range(len(letters) + 1)]
    reached[0][frozenset()] = 0
    for at, ways in enumerate(reached):
        for used, left in ways.items():
            if at < len(letters) and left < MOST_OTHER_LETTERS:
                _keep(reached[at + 1], used, left + 1)
            for end in range(at + 3, min(len(letters), at + longest) + 1):
                word = letters[at:end]
                if word in words and len(used | {word}) <= MOST_WORDS:
                    _keep(reached[end], used | {word}, left)
    return min(reached[-1].values(), default=len(letters))


def _keep(ways: dict[frozenset[str], int], used: frozenset[str], left: int) -> None:
    ways[used] = min(left, ways.get(used, left))


@cache
def _ranked() -> frozenset[str]:
    """Passwords that were used most in breaches, folded as what is asked for."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # with the first new password only: 95,000 words

    return frozenset(FREQUENCY_LISTS["passwords"])


@cache
def _words() -> tuple[frozenset[str], int]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    words = frozenset(line for line in lines if line and not line.startswith("#"))
    return words, max(map(len, words))
