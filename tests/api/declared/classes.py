"""Classes, who is in them, and what was earned."""

from tests.api.declared.roles import MEMBERS, NOT_SO, RUN, STAFF, World, instead

READS = {
    "classrooms": (200, 200, 200, 200, 200, 200, 401, 200, 200, 403, 200),
    "classroom": MEMBERS,
    "enrolments": STAFF,
    "enrolment": STAFF,
    "invitations": RUN,
    "roster": NOT_SO,
    "grade-items": STAFF,
    "results": STAFF,
}
WRITES = {
    ("patch", "enrolment"): instead(RUN, 428),
    ("delete", "enrolment"): instead(RUN, 428),
    ("put", "roster"): instead(RUN, 400),
    ("post", "invitations"): instead(RUN, 400),
}


def places(world: World) -> dict[str, str]:
    enrolment = world.classroom.enrolments.get(user=world.student)
    return {"key": str(world.classroom.public_id), "person": str(enrolment.public_id)}
