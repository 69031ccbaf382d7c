"""What somebody leaves by learning: reading, answers, marks and arguments."""

from __future__ import annotations

from uuid import uuid4

from apps.content.models import SourceParagraph
from apps.debates.models import (
    Argument,
    ArgumentEdit,
    Draft,
    Evidence,
    ModerationAction,
    Moved,
    Participant,
    PeerReview,
    Rating,
    Reflection,
    Report,
    RubricScore,
    Stance,
)
from apps.grades.models import CurrentGrade
from apps.learning.models import CalendarFeed, LessonProgress
from apps.notes.models import Note
from apps.quizzes.models import Attempt, Contest, QuestionVersion, Response
from apps.review.models import ReviewCard, ReviewLog, ReviewRefusal, ReviewSettings
from tests.factories import NOW
from tests.grades.factories import score
from tests.privacy.lives.people import Life, saying


def reading(life: Life) -> None:
    user, lesson = life.user, life.world.lesson
    life.add(
        LessonProgress.objects.create(
            reader=user,
            lesson=lesson,
            seen={life.word("learning.LessonProgress.seen", bare=True): 1},
            resume_anchor=life.word("learning.LessonProgress.resume_anchor", bare=True),
            first_opened_at=NOW,
            updated_at=NOW,
        )
    )
    life.add(
        CalendarFeed.objects.create(
            reader=user,
            token_hash=life.word("learning.CalendarFeed.token_hash", bare=True, shown=False),
            created_at=NOW,
        )
    )
    say = saying(life, "notes.Note.")
    life.add(
        Note.objects.create(
            author=user,
            lesson=lesson,
            edition=lesson.published_edition,
            lesson_title=say("lesson_title"),
            section=say("section", bare=True),
            heading=say("heading"),
            sources=[say("sources", bare=True)],
            kind="note",
            visibility="class",
            classroom=life.world.keeping,
            exact=say("exact"),
            prefix=say("prefix", bare=True),
            suffix=say("suffix", bare=True),
            body=say("body"),
            html=say("html", shown=False),
            folded=say("folded"),
            hidden_at=NOW,
            hidden_reason=say("hidden_reason"),
            hidden_by=life.world.teacher,
        )
    )
    card = life.add(
        ReviewCard.objects.create(
            owner=user,
            origin_kind="own",
            front=life.word("review.ReviewCard.front"),
            back=life.word("review.ReviewCard.back"),
            front_html=life.word("review.ReviewCard.front_html", shown=False),
            back_html=life.word("review.ReviewCard.back_html", shown=False),
            tags=[life.word("review.ReviewCard.tags")],
            due_at=NOW,
        )
    )
    life.add(
        ReviewLog.objects.create(
            owner=user,
            card=card,
            rating=3,
            reviewed_at=NOW,
            before={"note": life.word("review.ReviewLog.before")},
            version_after=2,
            client_id=uuid4(),
        )
    )
    life.add(ReviewSettings.objects.create(owner=user))
    life.add(
        ReviewRefusal.objects.create(
            owner=user, origin_kind="term", origin_id=uuid4(), refused_at=NOW
        )
    )


def answers(life: Life) -> None:
    given = life.world.assignment
    version = QuestionVersion.objects.filter(question__quiz_items__quiz=given.quiz)[0]
    attempt = life.add(
        Attempt.objects.create(
            student=life.user,
            quiz=given.quiz,
            assignment=given,
            number=1,
            state="graded",
            started_at=NOW,
            submitted_at=NOW,
            points=1,
            max_points=1,
        )
    )
    response = life.add(
        Response.objects.create(
            attempt=attempt,
            position=1,
            question=version.question,
            version=version,
            seed="seed",
            max_points=1,
            answer={"text": life.word("quizzes.Response.answer")},
            saved_at=NOW,
            ratio=1,
            points=1,
            comment=life.word("quizzes.Response.comment"),
            marked_by=life.world.teacher,
            marked_at=NOW,
        )
    )
    life.add(
        Contest.objects.create(
            response=response,
            text=life.word("quizzes.Contest.text"),
            paragraph=SourceParagraph.objects.filter(article__course=given.quiz.course)[0],
            locator=life.word("quizzes.Contest.locator"),
            state="declined",
            decision=life.word("quizzes.Contest.decision"),
            decided_by=life.world.teacher,
            decided_at=NOW,
        )
    )


def marks(life: Life) -> None:
    for item in life.world.items:
        life.add(score(item, life.user, "7", reason=life.word("grades.GradeEvent.reason")))
    life.add(CurrentGrade.objects.filter(student=life.user)[0])


def debate(life: Life) -> None:
    run, teacher = life.world.run, life.world.teacher
    number = Participant.objects.filter(run=run).count() + 1
    me = life.add(Participant.objects.create(run=run, user=life.user, number=number, joined_at=NOW))
    say = saying(life, "debates.")
    life.add(
        Stance.objects.create(
            participant=me, moment="opening", value=2, confidence=3, recorded_at=NOW
        )
    )
    mine = life.add(
        Argument.objects.create(
            run=run,
            author=me,
            relation="opening",
            text=say("Argument.text"),
            html=say("Argument.html", shown=False),
            words=5,
            posted_at=NOW,
        )
    )
    life.add(
        ArgumentEdit.objects.create(
            argument=mine, revision=1, text=say("ArgumentEdit.text"), replaced_at=NOW
        )
    )
    for kind, where in (
        ("link", {"url": f"https://x.example/{say('Evidence.url', bare=True)}"}),
        ("section", {"section": say("Evidence.section", bare=True)}),
    ):
        life.add(
            Evidence.objects.create(
                argument=mine,
                kind=kind,
                locator=say("Evidence.locator", bare=True),
                quotation=say("Evidence.quotation"),
                **where,
            )
        )
    life.add(
        Draft.objects.create(
            participant=me, relation="opening", text=say("Draft.text"), saved_at=NOW
        )
    )
    life.add(
        Reflection.objects.create(
            participant=me,
            text=say("Reflection.text"),
            html=say("Reflection.html", shown=False),
            written_at=NOW,
        )
    )
    life.add(
        ModerationAction.objects.create(
            run=run,
            argument=mine,
            kind="warn",
            reason=say("ModerationAction.reason"),
            actor=teacher,
            happened_at=NOW,
        )
    )
    life.add(
        RubricScore.objects.create(
            participant=me,
            criterion="claim",
            level=3,
            comment=say("RubricScore.comment"),
            marker=teacher,
            marked_at=NOW,
        )
    )


def meet(one: Life, other: Life) -> None:
    """What the two do to each other's arguments; all of it is `one`'s, and a review of them."""
    run = one.world.run
    me, them = (Participant.objects.get(run=run, user=each.user) for each in (one, other))
    theirs = Argument.objects.get(author=them, parent=None)
    one.add(Rating.objects.create(argument=theirs, participant=me, strength=4))
    one.add(Moved.objects.create(argument=theirs, participant=me, marked_at=NOW))
    Argument.objects.filter(pk=theirs.pk).update(rating_count=1, rating_sum=4, moved_count=1)
    for decided_at in (NOW, None):
        argument = theirs if decided_at else _argument(them, other)
        one.add(
            Report.objects.create(
                argument=argument,
                participant=me,
                reason=one.word("debates.Report.reason"),
                reported_at=NOW,
                decided_at=decided_at,
            )
        )
    one.add(
        PeerReview.objects.create(
            reviewer=me,
            reviewed=them,
            levels={"claim": 3},
            comment=one.word("debates.PeerReview.comment"),
            dealt_at=NOW,
            written_at=NOW,
        )
    )


def _argument(author: Participant, life: Life) -> Argument:
    return Argument.objects.create(
        run=author.run,
        author=author,
        relation="opening",
        text=life.word("debates.Argument.text"),
        html="",
        words=3,
        posted_at=NOW,
    )
