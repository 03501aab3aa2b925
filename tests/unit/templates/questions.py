"""Questions of every answer type, for drawing the survey pages."""

from __future__ import annotations

from dataclasses import dataclass

from app.survey.definitions import Choice, Question, Role, Text, Wording

LEVELS = (
    ("Rất không hài lòng", "Very dissatisfied"),
    ("Không hài lòng", "Dissatisfied"),
    ("Bình thường", "Neutral"),
    ("Hài lòng", "Satisfied"),
    ("Rất hài lòng", "Very satisfied"),
)
SECTIONS = (
    ("Tiếp cận dịch vụ", 3),
    ("Thủ tục hành chính", 4),
    ("Công chức trực tiếp giải quyết công việc", 4),
    ("Kết quả cung ứng dịch vụ", 3),
    ("Tiếp nhận, xử lý ý kiến góp ý, phản ánh, kiến nghị", 2),
)


@dataclass(frozen=True)
class Section:
    """A heading and its questions, as the details page wants them."""

    title: Text
    questions: tuple[Question, ...]


def make_choices(labels: tuple[tuple[str, str], ...], *, other: bool = False) -> tuple[Choice, ...]:
    """Return choices numbered from 1; with `other` the last one asks for a text."""
    texts = [Text(*label) for label in labels]
    return tuple(
        Choice(value, text, text, with_text=other and value == len(texts)) for value, text in enumerate(texts, 1)
    )


def make_question(
    question_id: str, kind: str, text: str, choices: tuple[Choice, ...] = (), role: Role = Role.CRITERION
) -> Question:
    """Return a question with the fields that templates read."""
    return Question(
        id=question_id,
        type=kind,
        role=role,
        number="",
        text=Text(text, f"{text} (English)"),
        choices=choices,
        scale="satisfaction" if kind == "rating" else None,
        factor=None,
        group=None,
        in_index=role is Role.CRITERION,
        allows_na=role is Role.CRITERION,
        sensitive=False,
        wording=Wording.VERIFIED,
        source="test",
        minimum=0 if kind == "number" else None,
        maximum=50 if kind == "number" else None,
    )


OVERALL = make_question(
    "overall", "rating", "Ông/Bà có hài lòng với lần phục vụ này không?", make_choices(LEVELS), Role.OVERALL
)
RESPONDENT = make_question(
    "kind",
    "single_choice",
    "Ông/Bà đến làm việc với tư cách",
    make_choices((("Cá nhân", "Individual"), ("Tổ chức", "Organisation"), ("Doanh nghiệp", "Business"))),
    Role.RESPONDENT_KIND,
)
COMMENT = make_question("comment", "text", "Ông/Bà có góp ý gì thêm không?", (), Role.COMMENT)
OTHERS = Section(
    Text("Các loại câu trả lời", "Kinds of answer"),
    (
        make_question("seven", "rating", "Mức độ dễ hiểu của hướng dẫn", make_choices(LEVELS[:3])),
        make_question("how", "single_choice", "Ông/Bà biết tin bằng cách nào?", make_choices(LEVELS[:3], other=True)),
        make_question("which", "multiple_choice", "Ông/Bà đã dùng", make_choices(LEVELS[1:4], other=True)),
        make_question(
            "again", "yes_no", "Ông/Bà có phải đi lại nhiều lần?", make_choices((("Có", "Yes"), ("Không", "No")))
        ),
        make_question("times", "number", "Số lần đi lại"),
        make_question("why", "text", "Vì sao?"),
    ),
)


def make_sections() -> tuple[Section, ...]:
    """Return sixteen criteria in five factors, the first with a very long text."""
    long = "Trung tâm có trang thiết bị phục vụ người dân đầy đủ, hiện đại, giúp người dân giải quyết công việc dễ dàng"
    numbers = iter(range(1, 17))
    return tuple(
        Section(
            Text(title, title),
            tuple(
                make_question(f"c{number}", "rating", f"{long} ({number})", make_choices(LEVELS))
                for number in [next(numbers) for _ in range(count)]
            ),
        )
        for title, count in SECTIONS
    )
