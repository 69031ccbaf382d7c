"""Columns and marks, made through the services that the product uses."""

from decimal import Decimal
from uuid import UUID, uuid4

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.grades import services
from apps.grades.enums import GradeEventKind
from apps.grades.models import GradeCategory, GradeEvent, GradeItem
from tests.factories import NOW


def source_create(
    classroom: Classroom,
    *,
    title: str = "The first quiz",
    max_points: str = "10",
    source_id: UUID | None = None,
    category: GradeCategory | None = None,
    is_released: bool = True,
) -> GradeItem:
    """The column of a quiz."""
    item = services.item_ensure(
        classroom=classroom,
        source_kind="quiz",
        source_id=source_id or uuid4(),
        source_path="/classes/quizzes/1/",
        title=title,
        max_points=Decimal(max_points),
        category=category,
        actor=None,
        now=NOW,
    )
    return services.item_release(item=item, actor=None, now=NOW) if is_released else item


def score(
    item: GradeItem,
    student: User,
    points: str | None,
    *,
    kind: GradeEventKind = GradeEventKind.SCORE,
    reason: str = "",
) -> GradeEvent:
    """What the item's source gives."""
    given = services.Score(None if points is None else Decimal(points), reason)
    (event,) = services.grades_record(
        item=item, scores={student.pk: given}, kind=kind, actor=None, now=NOW
    )
    return event


def manual_create(
    classroom: Classroom, *, actor: User, title: str = "Presentation", max_points: str = "10"
) -> GradeItem:
    """A column that is entered by hand; held, as every new one is."""
    return services.item_save(
        item=GradeItem(classroom=classroom),
        fields={"title": title, "max_points": Decimal(max_points)},
        actor=actor,
        now=NOW,
    )
