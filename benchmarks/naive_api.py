"""The API as it is usually written: model serializers and pages by offset, for the same rows.

It has the product's own authentication and permission, and joins what it shows (no query for each
row), as one who knows Django would write it. It counts no requests, and judges neither deadline,
nor order, nor type of an answer: what the product does of that for a request, it pays alone.
"""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from rest_framework import generics, serializers
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.renderers import JSONRenderer

from apps.accounts.models import User
from apps.api import selectors
from apps.api.enums import Scope
from apps.api.v1 import access
from apps.classrooms.models import Enrolment
from apps.content.models import Lesson, LessonEdition, Unit
from apps.grades.models import CurrentGrade, GradeItem
from apps.quizzes.models import Response

# One client asks as fast as it can: requests are counted all the same, and none is refused.
access.REQUESTS_A_MINUTE = 10**9


class Pages(LimitOffsetPagination):
    default_limit, max_limit = 50, 200


class UnitSerializer(serializers.ModelSerializer[Unit]):
    class Meta:
        model = Unit
        fields = ("slug", "title")


class LineSerializer(serializers.ModelSerializer[LessonEdition]):
    class Meta:
        model = LessonEdition
        fields = ("number", "title", "checksum", "published_at", "word_count", "reading_minutes")


class EditionSerializer(serializers.ModelSerializer[LessonEdition]):
    class Meta:
        model = LessonEdition
        fields = ("number", "title", "checksum", "published_at", "document", "html")


class LessonSerializer(serializers.ModelSerializer[Lesson]):
    unit, published_edition = UnitSerializer(), LineSerializer()

    class Meta:
        model = Lesson
        fields = ("public_id", "slug", "position", "unit", "published_edition")


class WholeLessonSerializer(LessonSerializer):
    published_edition = EditionSerializer()


class ItemSerializer(serializers.ModelSerializer[GradeItem]):
    class Meta:
        model = GradeItem
        fields = ("public_id", "sis_id", "max_points", "released_at", "retired_at")


class StudentSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("public_id",)


class GradeSerializer(serializers.ModelSerializer[CurrentGrade]):
    item, student = ItemSerializer(), StudentSerializer()
    student_sis_id = serializers.CharField()
    reason = serializers.CharField(source="last_event.reason")

    class Meta:
        model = CurrentGrade
        fields = (
            *("public_id", "item", "student", "student_sis_id", "points", "is_excused"),
            *("reason", "version", "changed_at"),
        )


class AnswerSerializer(serializers.ModelSerializer[Response]):
    class Meta:
        model = Response
        fields = ("position", "answer", "sequence", "seconds", "is_flagged", "confidence")
        read_only_fields = ("position",)


class _View(access.ApiView):
    throttle_classes = ()  # type: ignore[assignment]
    filter_backends = ()
    renderer_classes = (JSONRenderer,)  # type: ignore[assignment]
    pagination_class = Pages
    initial = generics.GenericAPIView.initial  # type: ignore[assignment]
    finalize_response = generics.GenericAPIView.finalize_response  # type: ignore[assignment]


class Lessons(_View, generics.ListAPIView[Lesson]):
    scope = None
    serializer_class = LessonSerializer

    def get_queryset(self) -> QuerySet[Lesson]:
        rows = Lesson.objects.filter(unit__course__slug=self.kwargs["slug"])
        rows = rows.filter(published_edition__isnull=False).order_by("unit__position", "position")
        # The edition's text is long, and the list shows none of it.
        return rows.select_related("unit", "published_edition").defer(
            "published_edition__document", "published_edition__html"
        )


class LessonDetail(_View, generics.RetrieveAPIView[Lesson]):
    scope = None
    serializer_class = WholeLessonSerializer
    queryset = Lesson.objects.select_related("unit", "published_edition")


class Results(_View, generics.ListAPIView[CurrentGrade]):
    scope = Scope.GRADES_READ
    serializer_class = GradeSerializer

    def get_queryset(self) -> QuerySet[Any]:
        theirs = selectors.classrooms_of(access.caller_of(self.request))
        classroom = generics.get_object_or_404(theirs, public_id=self.kwargs["key"])
        mine = Enrolment.objects.filter(classroom=classroom, user=OuterRef("student"))
        rows = CurrentGrade.objects.filter(item__classroom=classroom)
        rows = rows.annotate(student_sis_id=Subquery(mine.values("sis_id")[:1]))
        rows = rows.filter(changed_at__gte=self.request.GET["since"]).order_by("changed_at", "id")
        return rows.select_related("item", "student", "last_event")


class Answer(_View, generics.UpdateAPIView[Response]):
    write_scope = Scope.ATTEMPTS_WRITE
    serializer_class = AnswerSerializer

    def get_object(self) -> Response:
        rows: Any = Response.objects.filter(attempt__student=self.request.user)
        return generics.get_object_or_404(
            rows,
            attempt__public_id=self.kwargs["attempt_id"],
            position=self.kwargs["position"],
        )
