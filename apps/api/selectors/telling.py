"""What is told of a grade, in lists and in files: one place that says what a held one hides."""

from __future__ import annotations

from typing import Any

# {public name: lookup on CurrentGrade, or what selectors.results adds to it}
FIELDS = {
    "id": "public_id",
    "item_id": "item__public_id",
    "item_sis_id": "item__sis_id",
    "user_id": "student__public_id",
    "user_sis_id": "student_sis_id",
    "status": "is_excused",
    "points": "points",
    "max_points": "item__max_points",
    "reason": "last_event__reason",
    "version": "version",
    "changed_at": "touched_at",
    "released_at": "item__released_at",
    "retired_at": "item__retired_at",
}
FIELDS_EVERYWHERE = {
    **FIELDS,
    "classroom_id": "item__classroom__public_id",
    "classroom_sis_id": "item__classroom__sis_id",
}
STATUSES = ("graded", "ungraded", "held", "excused", "deleted")


def told(row: dict[str, Any]) -> dict[str, Any]:
    """Say what a grade is; of one that students may not see yet, neither points nor reason."""
    if row["retired_at"]:
        status = "deleted"
    elif row["released_at"] is None:
        status = "held"
    elif row["status"]:
        status = "excused"
    else:
        status = "graded" if row["points"] is not None else "ungraded"
    is_told = status == "graded"
    return {
        **row,
        "status": status,
        "points": row["points"] if is_told else None,
        "reason": row["reason"] if is_told or status == "excused" else "",
    }
