"""Reads of classes. Whoever is not in a class finds nothing."""

from apps.classrooms.selectors.accommodations import (
    Accommodated,
    Activity,
    Grant,
    accommodation_for,
    accommodation_in,
    accommodations_for,
    activities_of,
    grants_of,
)
from apps.classrooms.selectors.classrooms import (
    MyClasses,
    Overview,
    classroom_for,
    classrooms_of,
    courses_offered,
    join_code_of,
    my_classes,
    overview,
    students_of,
)
from apps.classrooms.selectors.invitations import (
    addresses_of,
    invitation_for,
    invitation_in,
    invitations_of,
)
from apps.classrooms.selectors.people import PeoplePage, enrolment_in, people_page, roster_file
from apps.classrooms.selectors.rosters import Action, RosterPlan, Step, roster_plan, sentence_of

__all__ = [
    "Accommodated",
    "Action",
    "Activity",
    "Grant",
    "MyClasses",
    "Overview",
    "PeoplePage",
    "RosterPlan",
    "Step",
    "accommodation_for",
    "accommodation_in",
    "accommodations_for",
    "activities_of",
    "addresses_of",
    "classroom_for",
    "classrooms_of",
    "courses_offered",
    "enrolment_in",
    "grants_of",
    "invitation_for",
    "invitation_in",
    "invitations_of",
    "join_code_of",
    "my_classes",
    "overview",
    "people_page",
    "roster_file",
    "roster_plan",
    "sentence_of",
    "students_of",
]
