"""Who may change what, as predicates; the admin and the services' callers ask these."""

from __future__ import annotations

import rules

from apps.accounts.models import User
from apps.content.models import Course


@rules.predicate
def edits_course(user: User, course: Course | None) -> bool:
    """Without a course: may this person change any at all?"""
    editable = Course.objects.editable_by(user)
    return editable.exists() if course is None else editable.filter(pk=course.pk).exists()


rules.add_perm("content.change_course", edits_course)  # type: ignore[no-untyped-call]
