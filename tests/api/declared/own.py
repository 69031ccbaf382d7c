"""What is one person's own: notes, review cards, progress, and what they are told."""

from django.utils import timezone

from apps.content.models import LessonEdition
from apps.notes import services as notes
from apps.notes.drafts import Audience
from apps.notes.enums import Visibility
from apps.notes.passages import Selector
from apps.notifications.enums import Kind, SubjectKind
from apps.notifications.models import Notification
from apps.review import services as review
from apps.review.services import Text
from tests.api.declared.roles import NOT_SO, OWN, PERSONS, World, instead
from tests.content.factories import lesson_publish, section

READS = {
    "notes": PERSONS,
    "note": OWN,
    "review-queue": PERSONS,
    "review-cards": PERSONS,
    "review-card": OWN,
    "review-ratings": NOT_SO,
    "notifications": PERSONS,
    "notification": OWN,
    "notification-read": NOT_SO,
    "notifications-read": NOT_SO,
    "notification-preferences": PERSONS,
    "progress": NOT_SO,
    "course-progress": PERSONS,
    "lesson-progress": NOT_SO,
}
WRITES = {
    ("post", "notes"): instead(PERSONS, 400),
    ("patch", "note"): instead(OWN, 428),
    ("delete", "note"): instead(OWN, 428),
    ("post", "review-cards"): instead(PERSONS, 400),
    ("patch", "review-card"): instead(OWN, 428),
    ("delete", "review-card"): instead(OWN, 428),
    ("post", "review-ratings"): instead(OWN, 400),
    ("post", "notification-read"): OWN,
    ("post", "notifications-read"): instead(PERSONS, 400),
    ("patch", "notification-preferences"): instead(PERSONS, 428),
    ("post", "progress"): instead(PERSONS, 400),
    ("put", "lesson-progress"): instead(PERSONS, 400),
}


def places(world: World) -> dict[str, str]:
    now = timezone.now()
    lesson = lesson_publish(world.classroom.course, section(), slug="noted")
    edition = LessonEdition.objects.select_related("lesson__unit__course").get(lesson=lesson)
    note = notes.note_create(
        author=world.student,
        edition=edition,
        passage=Selector(section="invitation", exact="first contact"),
        kind="highlight",
        now=now,
    )
    card = review.card_create(owner=world.student, text=Text("Front", "Back"), now=now)
    shared = notes.note_create(
        author=world.student,
        edition=edition,
        passage=Selector(section="invitation", exact=""),
        kind="note",
        body="Who asked first?",
        audience=Audience(Visibility.CLASS, world.classroom),
        now=now,
    )
    notice = Notification.objects.create(
        recipient=world.student,
        kind=Kind.NOTE,
        cause="a moderator",
        subject_kind=SubjectKind.NOTE,
        subject_id=shared.public_id,
        detail="shown",
        classroom=world.classroom,
        path="/notes/",
        happened_at=now,
    )
    return {
        "note": str(note.public_id),
        "card": str(card.public_id),
        "notification": str(notice.public_id),
    }
