"""The pages of classes: HTTP in, HTML out."""

from apps.classrooms.views.accommodations import (
    accommodation,
    accommodation_create,
    accommodation_delete,
)
from apps.classrooms.views.classrooms import (
    archive,
    classroom,
    code_close,
    code_renew,
    create,
    home,
    join,
    settings,
    unarchive,
)
from apps.classrooms.views.invitations import (
    invitation_accept,
    invitation_decline,
    invitation_withdraw,
    invite,
    roster_import,
)
from apps.classrooms.views.people import (
    enrolment,
    enrolment_remove,
    enrolment_restore,
    people,
    roster_file,
)

__all__ = [
    "accommodation",
    "accommodation_create",
    "accommodation_delete",
    "archive",
    "classroom",
    "code_close",
    "code_renew",
    "create",
    "enrolment",
    "enrolment_remove",
    "enrolment_restore",
    "home",
    "invitation_accept",
    "invitation_decline",
    "invitation_withdraw",
    "invite",
    "join",
    "people",
    "roster_file",
    "roster_import",
    "settings",
    "unarchive",
]
