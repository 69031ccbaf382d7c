"""Every write to classes. What decides who is in a class locks the Classroom row first."""

from apps.classrooms.services.accommodations import accommodation_delete, accommodation_save
from apps.classrooms.services.classrooms import (
    classroom_archive,
    classroom_create,
    classroom_save,
    classroom_unarchive,
)
from apps.classrooms.services.codes import join_code_close, join_code_renew
from apps.classrooms.services.enrolments import (
    classroom_join,
    enrolment_add,
    enrolment_remove,
    enrolment_save,
)
from apps.classrooms.services.invitations import (
    invitation_accept,
    invitation_create,
    invitation_decline,
    invitation_withdraw,
    invitations_send_due,
)
from apps.classrooms.services.rosters import enrolments_import

__all__ = [
    "accommodation_delete",
    "accommodation_save",
    "classroom_archive",
    "classroom_create",
    "classroom_join",
    "classroom_save",
    "classroom_unarchive",
    "enrolment_add",
    "enrolment_remove",
    "enrolment_save",
    "enrolments_import",
    "invitation_accept",
    "invitation_create",
    "invitation_decline",
    "invitation_withdraw",
    "invitations_send_due",
    "join_code_close",
    "join_code_renew",
]
