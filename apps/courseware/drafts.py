"""Records of the format as the drafts that services take. Pure."""

from __future__ import annotations

from typing import Final

from apps.courseware.format import records
from apps.debates.drafts import DebateDraft, SideDraft, SourceDraft
from apps.quizzes.drafts import HintDraft, QuestionDraft, QuizDraft, QuizItemDraft


def question_draft(record: records.Question) -> QuestionDraft:
    return QuestionDraft(
        slug=record.slug,
        kind=record.type,
        stem=record.stem,
        spec=record.spec,
        lesson=record.lesson,
        anchor=record.anchor,
        objectives=record.objectives,
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


LEANINGS: Final = {"for": 1, "against": -1, "neither": 0}


def debate_draft(record: records.Debate) -> DebateDraft:
    return DebateDraft(
        slug=record.slug,
        motion=record.motion,
        background=record.background,
        position=record.position,
        rules={
            "evidence_rule": record.evidence_rule,
            "side_rule": record.side_rule,
            "min_words": record.min_words,
            "max_words": record.max_words,
            "arguments_owed": record.arguments_owed,
            "rebuttals_owed": record.rebuttals_owed,
            "peer_reviews_owed": record.peer_reviews_owed,
            "is_anonymous": record.anonymous,
            "posts_first": record.posts_first,
            "shows_openings": record.shows_openings,
        },
        sides=tuple(
            SideDraft(
                key=side.key,
                label=side.label,
                leaning=LEANINGS[side.leaning],
                actor=side.actor,
                opening=side.opening,
                sources=tuple(
                    SourceDraft(source.key, source.note, source.locator) for source in side.sources
                ),
            )
            for side in record.sides
        ),
    )
