"""Records of the format as the drafts that services take. Pure."""

from __future__ import annotations

from apps.courseware.format import records
from apps.quizzes.drafts import HintDraft, QuestionDraft, QuizDraft, QuizItemDraft


def question_draft(record: records.Question) -> QuestionDraft:
    return QuestionDraft(
        slug=record.slug,
        kind=record.type,
        stem=record.stem,
        spec=record.spec,
        lesson=record.lesson,
        anchor=record.anchor,
        sources=record.sources,
        tags=record.tags,
        difficulty=record.difficulty,
        bloom=record.bloom,
        hints=tuple(HintDraft(hint.text, hint.cost) for hint in record.hints),
        explanation=record.explanation,
    )


def quiz_draft(record: records.Quiz) -> QuizDraft:
    return QuizDraft(
        slug=record.slug,
        title=record.title,
        kind=record.kind,
        lesson=record.lesson,
        unit=record.unit,
        intro=record.intro,
        layout=record.layout,
        shuffle_items=record.shuffle_items,
        is_practice=record.practice,
        items=tuple(
            QuizItemDraft(
                points=item.points,
                question=item.question,
                draw=item.draw or 0,
                tags=item.tags,
                unit=item.unit,
                difficulty=item.difficulty,
            )
            for item in record.items
        ),
    )
