"""Reads the text of R expressions into a small tree; nothing is evaluated here and nothing can be run.

The reference cases keep the exact R call as text, often as R prints it back: statements of a block stand behind one
another with only a run of blanks between them. A run of blanks outside brackets therefore ends a statement, as a new
line does in R.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST_TEXT = 200_000
DEEPEST_NESTING = 80
LONGEST_CHAIN = 200


class UnreadableTextError(ValueError):
    """The text is not an R expression this reader knows; says where."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name whose value the text alone does not give."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call, or an operator written as one: `name`, unnamed and named arguments in their order.

    Operators, brackets and blocks are calls too, under the name R gives them: ``+``, ``~``, ``[``, ``$``, ``<-``,
    ``{``, ``function``. A callee that is itself an expression has the empty name and stands first.
    """

    name: str
    positional: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the text: its kind, its text, where it begins, whether blanks or a new line stand before it."""

    kind: str
    text: str
    at: int
    gap: bool


TOKEN = re.compile(
    r"""(?P<number>(?:0[xX][0-9a-fA-F]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)L?)
      | (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<name>`[^`]+`|(?:[^\W\d_]|\.(?![0-9]))[\w.]*)
      | (?P<operator>%[^%\s]*%|<<-|->>|\|>|:::|::|<-|->|<=|>=|==|!=|&&|\|\||\[\[|[-+*/^~!<>=&|:?$@()\[\]{},;\\])""",
    re.VERBOSE | re.DOTALL,
)
BLANK = re.compile(r"(?:\s+|\#[^\n]*)+")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}
WORDS: Mapping[str, Any] = {
    "TRUE": True, "FALSE": False, "NULL": None, "Inf": float("inf"), "NaN": float("nan"), "NA": float("nan"),
    "NA_real_": float("nan"), "NA_integer_": float("nan"), "NA_character_": None,
}  # fmt: skip
# Left and right binding strength, weakest first: ?Syntax of R.
BINARY: Mapping[str, tuple[int, int]] = {
    "?": (1, 2), "=": (4, 3), "<-": (6, 5), "<<-": (6, 5), "->": (7, 8), "->>": (7, 8), "~": (9, 10),
    "||": (11, 12), "|": (11, 12), "&&": (13, 14), "&": (13, 14),
    "==": (17, 18), "!=": (17, 18), "<": (17, 18), ">": (17, 18), "<=": (17, 18), ">=": (17, 18),
    "+": (19, 20), "-": (19, 20), "*": (21, 22), "/": (21, 22), "|>": (23, 24), ":": (25, 26), "^": (30, 27),
}  # fmt: skip
PREFIX: Mapping[str, int] = {"?": 2, "~": 10, "!": 15, "-": 27, "+": 27}
POSTFIX = frozenset({"(", "[", "[[", "$", "@", "::", ":::"})
CLOSING = {"(": ")", "[": "]", "{": "}"}


def parse(text: str) -> Any:
    """Tree of an R expression: numbers, words and truth values as themselves, the rest as Name and Call.

    Several statements become one Call ``{``.

    Raises
    ------
    UnreadableTextError
        When the text does not follow the grammar, or is longer or deeper than any case needs.
    """
    if len(text) > LONGEST_TEXT:
        message = f"R text of {len(text)} characters is longer than {LONGEST_TEXT}"
        raise UnreadableTextError(message)
    parser = _Parser(text)
    statements = parser.statements(until="end")
    return statements[0] if len(statements) == 1 else Call("{", tuple(statements))


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while True:
        blank = BLANK.match(text, at)
        space = blank.group() if blank else ""
        at += len(space)
        gap = len(space) > 1 or "\n" in space
        if at == len(text):
            yield Token("end", "end", at, gap)
            return
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            message = f"unknown sign {text[at]!r} at {at} of R text {text[:80]!r}"
            raise UnreadableTextError(message)
        yield Token(match.lastgroup, match.group(), at, gap)
        at = match.end()


class _Parser:
    """Operator-precedence reader (Pratt 1973)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.position = 0
        self.depth = 0
        self.inside: list[str] = []

    @property
    def next(self) -> Token:
        return self.tokens[min(self.position, len(self.tokens) - 1)]

    def take(self, wanted: str | None = None) -> Token:
        token = self.next
        if wanted is not None and (token.text != wanted or token.kind == "string"):
            raise self.fault(f"{wanted!r} expected")
        self.position += 1
        return token

    def fault(self, what: str) -> UnreadableTextError:
        token = self.next
        start = max(0, token.at - 20)
        message = f"{what} before {token.text!r} at {token.at} of R text …{self.text[start : token.at + 20]!r}"
        return UnreadableTextError(message)

    def is_sign(self, *texts: str) -> bool:
        return self.next.kind in {"operator", "end"} and self.next.text in texts

    def statements(self, *, until: str) -> list[Any]:
        found = []
        while not self.is_sign(until):
            if self.is_sign(";"):
                self.take()
                continue
            found.append(self.expression(0))
        self.take()
        return found

    def expression(self, strength: int) -> Any:
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            raise self.fault("nested too deep")
        left, links = self.prefix(), 0
        while (left_strength := self.strength()) > strength:
            links += 1
            if links > LONGEST_CHAIN:
                raise self.fault("too many operators in a row")
            left = self.postfix(left) if left_strength == POSTFIX_STRENGTH else self.binary(left)
        self.depth -= 1
        return left

    def strength(self) -> int:
        """How strongly the next sign binds what stands before it; 0 when it begins or ends something."""
        token = self.next
        ends_statement = token.gap and (not self.inside or self.inside[-1] == "{")
        if token.kind != "operator" or (ends_statement and (token.text in PREFIX or token.text in "([[")):
            return 0
        if token.text in POSTFIX:
            return POSTFIX_STRENGTH
        if token.text.startswith("%"):
            return 23
        return BINARY.get(token.text, (0, 0))[0]

    def binary(self, left: Any) -> Any:
        operator = self.take().text
        right = self.expression(24 if operator.startswith("%") else BINARY[operator][1])
        if operator in {"->", "->>"}:
            return Call("<-", (right, left))
        return Call("<-" if operator in {"=", "<<-"} else operator, (left, right))

    def prefix(self) -> Any:
        token = self.take()
        if token.kind == "number":
            digits = token.text.removesuffix("L")
            return float(int(digits, 16)) if digits[:2] in {"0x", "0X"} else float(digits)
        if token.kind == "string":
            return re.sub(r"\\(.)", lambda m: ESCAPES.get(m[1], m[1]), token.text[1:-1], flags=re.DOTALL)
        return self.word(token.text) if token.kind == "name" else self.opening(token)

    def opening(self, token: Token) -> Any:
        """An expression that begins with a sign."""
        if token.text in PREFIX:
            return Call(token.text, (self.expression(PREFIX[token.text]),))
        if token.text == "(":
            inner = self.bracket("(", lambda: self.expression(0))
            self.take(")")
            return Call("(", (inner,))
        if token.text == "{":
            return Call("{", tuple(self.bracket("{", lambda: self.statements(until="}"))))
        if token.text == "\\":
            return self.function()
        self.position -= 1
        raise self.fault("an expression expected")

    def bracket(self, kind: str, read: Callable[[], Any]) -> Any:
        self.inside.append(kind)
        found = read()
        self.inside.pop()
        return found

    def word(self, text: str) -> Any:
        if text in WORDS:
            return WORDS[text]
        if text == "function":
            return self.function()
        if text in {"if", "while"}:
            return self.conditional(text)
        if text == "for":
            self.take("(")
            variable = self.take().text.strip("`")
            self.take("in")
            over = self.bracket("(", lambda: self.expression(0))
            self.take(")")
            return Call("for", (Name(variable), over, self.expression(0)))
        return Name(text.strip("`"))

    def conditional(self, kind: str) -> Call:
        self.take("(")
        condition = self.bracket("(", lambda: self.expression(0))
        self.take(")")
        body = self.expression(3)
        if kind == "if" and self.next.kind == "name" and self.next.text == "else":
            self.take()
            return Call("if", (condition, body, self.expression(3)))
        return Call(kind, (condition, body))

    def function(self) -> Call:
        self.take("(")
        parameters = self.arguments(")")
        names = [argument.text for argument in parameters.positional if isinstance(argument, Name)]
        return Call("function", (self.expression(3),), {**dict.fromkeys(names), **parameters.named})

    def postfix(self, left: Any) -> Any:
        sign = self.take().text
        if sign in {"$", "@", "::", ":::"}:
            if self.next.kind not in {"name", "string"}:
                raise self.fault("a name expected")
            right = self.take()
            part = right.text.strip("`\"'")
            return Name(part) if sign.startswith("::") else Call(sign, (left, Name(part)))
        if sign == "(":
            call = self.arguments(")")
            if isinstance(left, Name):
                return Call(left.text, call.positional, call.named)
            return Call("", (left, *call.positional), call.named)
        call = self.arguments("]")
        if sign == "[[":
            self.take("]")
        return Call(sign, (left, *call.positional), call.named)

    def arguments(self, close: str) -> Call:
        """Arguments up to the closing bracket; one left out (``m[1, ]``) is the Name of nothing."""
        return Call("", *self.bracket("(", lambda: self.argument_list(close)))

    def argument_list(self, close: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
        positional: list[Any] = []
        named: dict[str, Any] = {}
        while not self.is_sign(close):
            if self.is_sign(","):
                positional.append(Name(""))
            elif self.next.kind in {"name", "string"} and self.tokens[self.position + 1].text == "=":
                name = self.take().text.strip("`\"'")
                self.take("=")
                named[name] = Name("") if self.is_sign(",", close) else self.expression(4)
            else:
                positional.append(self.expression(4))
            if not self.is_sign(close):
                self.take(",")
                if close == "]" and self.is_sign(close):
                    positional.append(Name(""))
        self.take(close)
        return tuple(positional), named


POSTFIX_STRENGTH = 40
