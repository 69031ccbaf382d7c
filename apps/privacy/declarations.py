"""Which tables hold personal data, in which columns, and why: every model is in one of two lists.

A new model breaks tests/privacy until it is declared here; so does a new column that points at a
person. The words for people are in purposes.py.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.privacy.purposes import (
    ACCOUNT,
    ANSWERS,
    AUTHORSHIP,
    CLASSES,
    DEBATES,
    ENTRY,
    EVENTS,
    GRADES,
    NOTES,
    NOTICES,
    PROGRAMS,
    READING,
    REVIEW,
    WISHES,
    Purpose,
)


@dataclass(frozen=True)
class Declaration:
    """fields: the columns that say something of a person, the keys to a person among them."""

    purpose: Purpose
    fields: tuple[str, ...]


def _edited(*also: str) -> Declaration:
    return Declaration(AUTHORSHIP, ("history_user", "history_change_reason", *also))


# label of the model: what it holds. A row that belongs to a row of a person is that person's too.
PERSONAL: dict[str, Declaration] = {
    "accounts.User": Declaration(
        ACCOUNT,
        (
            "public_id",
            "email",
            "display_name",
            "password",
            "language",
            "time_zone",
            "date_joined",
            "last_login",
            "is_active",
            "is_staff",
            "is_editor",
            "is_superuser",
            "is_erased",
        ),
    ),
    "accounts.User_groups": Declaration(ACCOUNT, ("user", "group")),
    "accounts.User_user_permissions": Declaration(ACCOUNT, ("user", "permission")),
    "accounts.SchoolInstructor": Declaration(ACCOUNT, ("user", "school")),
    "account.EmailAddress": Declaration(ACCOUNT, ("user", "email", "verified", "primary")),
    "account.EmailConfirmation": Declaration(ACCOUNT, ("email_address", "key", "created", "sent")),
    "sessions.Session": Declaration(ENTRY, ("session_key", "session_data")),
    "usersessions.UserSession": Declaration(
        ENTRY, ("user", "ip", "user_agent", "session_key", "data", "created_at", "last_seen_at")
    ),
    "mfa.Authenticator": Declaration(ENTRY, ("user", "type", "data", "created_at", "last_used_at")),
    "classrooms.Enrolment": Declaration(
        CLASSES, ("user", "classroom", "role", "sis_id", "created_at", "removed_at")
    ),
    "classrooms.Invitation": Declaration(
        CLASSES, ("email", "display_name", "role", "sis_id", "invited_by")
    ),
    "classrooms.Accommodation": Declaration(
        CLASSES,
        (
            "enrolment",
            "time_ratio",
            "extra_attempts",
            "opens_at",
            "due_at",
            "closes_at",
            "note",
            "granted_by",
        ),
    ),
    "learning.LessonProgress": Declaration(
        READING,
        (
            "reader",
            "lesson",
            "seen",
            "resume_anchor",
            "resume_at",
            "first_opened_at",
            "updated_at",
            "read_at",
            "declared_at",
            "retracted_at",
        ),
    ),
    "learning.CalendarFeed": Declaration(READING, ("reader", "token_hash", "created_at")),
    "quizzes.Attempt": Declaration(
        ANSWERS,
        ("student", "state", "started_at", "closes_at", "submitted_at", "points", "days_late"),
    ),
    "quizzes.Response": Declaration(
        ANSWERS,
        (
            "attempt",
            "answer",
            "saved_at",
            "seconds",
            "is_flagged",
            "confidence",
            "hints_taken",
            "points",
            "rubric_marks",
            "comment",
            "marked_by",
            "marked_at",
        ),
    ),
    "quizzes.Contest": Declaration(
        ANSWERS, ("response", "text", "state", "decision", "decided_by", "decided_at")
    ),
    "grades.GradeEvent": Declaration(
        GRADES, ("student", "points", "reason", "actor", "happened_at")
    ),
    "grades.CurrentGrade": Declaration(
        GRADES, ("student", "points", "source_points", "is_overridden", "is_excused")
    ),
    "debates.Participant": Declaration(DEBATES, ("user", "side", "number", "joined_at")),
    "debates.Stance": Declaration(
        DEBATES, ("participant", "value", "confidence", "moved_by", "recorded_at")
    ),
    "debates.Argument": Declaration(
        DEBATES, ("author", "side", "text", "html", "posted_at", "edited_at")
    ),
    "debates.ArgumentEdit": Declaration(DEBATES, ("argument", "text", "evidence", "replaced_at")),
    "debates.Evidence": Declaration(DEBATES, ("argument", "url", "locator", "quotation")),
    "debates.Draft": Declaration(DEBATES, ("participant", "text", "evidence", "saved_at")),
    "debates.Reflection": Declaration(DEBATES, ("participant", "text", "html", "written_at")),
    "debates.PeerReview": Declaration(
        DEBATES, ("reviewer", "reviewed", "levels", "comment", "dealt_at", "written_at")
    ),
    "debates.Rating": Declaration(DEBATES, ("participant", "argument", "strength")),
    "debates.Moved": Declaration(DEBATES, ("participant", "argument", "marked_at")),
    "debates.Report": Declaration(DEBATES, ("participant", "argument", "reason", "reported_at")),
    "debates.ModerationAction": Declaration(
        DEBATES, ("argument", "reason", "actor", "happened_at")
    ),
    "debates.RubricScore": Declaration(
        DEBATES, ("participant", "level", "comment", "marker", "marked_at")
    ),
    "notes.Note": Declaration(
        NOTES,
        (
            "author",
            "client_id",
            "lesson",
            "edition",
            "lesson_title",
            "section",
            "heading",
            "sources",
            "kind",
            "visibility",
            "classroom",
            "exact",
            "prefix",
            "suffix",
            "start",
            "end",
            "body",
            "html",
            "folded",
            "hidden_at",
            "hidden_reason",
            "hidden_by",
            "created_at",
            "updated_at",
        ),
    ),
    "notifications.Notification": Declaration(
        NOTICES, ("recipient", "kind", "subject_id", "happened_at", "read_at", "letter")
    ),
    "notifications.Letter": Declaration(
        NOTICES, ("recipient", "slot_at", "made_at", "state", "finished_at")
    ),
    "notifications.Preference": Declaration(NOTICES, ("user", "kind", "in_site", "by_email")),
    "notifications.Rhythm": Declaration(NOTICES, ("user", "frequency", "hour", "weekday")),
    "review.ReviewCard": Declaration(
        REVIEW,
        (
            "owner",
            "origin_kind",
            "origin_id",
            "front",
            "back",
            "front_html",
            "back_html",
            "tags",
            "stability",
            "difficulty",
            "due_at",
            "last_reviewed_at",
            "reps",
            "lapses",
            "suspended_at",
        ),
    ),
    "review.ReviewLog": Declaration(
        REVIEW, ("owner", "card", "rating", "reviewed_at", "duration_seconds", "before")
    ),
    "review.ReviewSettings": Declaration(
        REVIEW,
        ("owner", "new_per_day", "reviews_per_day", "desired_retention", "may_add_missed"),
    ),
    "review.ReviewRefusal": Declaration(
        REVIEW, ("owner", "origin_kind", "origin_id", "refused_at")
    ),
    "debates.DebateRun": Declaration(AUTHORSHIP, ("opened_by",)),
    "quizzes.QuestionVersion": Declaration(AUTHORSHIP, ("created_by", "created_at", "note")),
    "quizzes.Correction": Declaration(AUTHORSHIP, ("made_by", "made_at", "reason")),
    "quizzes.HistoricalQuestion": _edited(),
    "quizzes.HistoricalQuiz": _edited(),
    "content.Lesson": Declaration(AUTHORSHIP, ("publish_by", "publish_note")),
    "content.LessonEdition": Declaration(AUTHORSHIP, ("published_by", "published_at", "note")),
    "content.HistoricalCourse": _edited(),
    "content.HistoricalSourceParagraph": _edited(),
    "content.HistoricalUnit": _edited(),
    "content.HistoricalReference": _edited(),
    "content.HistoricalLesson": _edited("publish_by", "publish_note"),
    "content.HistoricalSection": _edited(),
    "content.HistoricalGlossaryTerm": _edited(),
    "content.HistoricalActor": _edited(),
    "content.HistoricalTimelineEvent": _edited(),
    "content.HistoricalPlace": _edited(),
    "admin.LogEntry": Declaration(
        AUTHORSHIP, ("user", "action_time", "object_repr", "change_message")
    ),
    "privacy.ExportRequest": Declaration(
        WISHES, ("user", "requested_at", "ready_at", "failed_at", "size_bytes")
    ),
    "privacy.ExportChunk": Declaration(WISHES, ("export", "content")),
    "privacy.ErasureRequest": Declaration(
        WISHES,
        ("user", "subject_id", "requested_at", "due_at", "is_by_staff", "closed_at", "names"),
    ),
    # Named within one transaction, and seen by no other.
    "core.Erasing": Declaration(WISHES, ("person_id",)),
    "core.Event": Declaration(EVENTS, ("actor_id", "subject_id", "kind", "happened_at")),
    "integrations.Delivery": Declaration(EVENTS, ("body",)),
    "api.Consent": Declaration(PROGRAMS, ("user", "client", "scopes", "given_at", "last_used_on")),
    "api.AuthorizationCode": Declaration(PROGRAMS, ("consent", "scopes", "used_at", "expires_at")),
    "api.AccessToken": Declaration(PROGRAMS, ("consent", "scopes", "expires_at")),
    "api.RefreshToken": Declaration(PROGRAMS, ("consent", "scopes", "used_at", "expires_at")),
    "api.PersonalToken": Declaration(
        PROGRAMS, ("user", "name", "scopes", "created_at", "expires_at", "last_used_on")
    ),
    "api.Job": Declaration(
        PROGRAMS, ("caller", "user", "kind", "wish", "state", "result", "created_at")
    ),
    # A file of results that staff or a school's program asked for; gone within a day.
    "api.JobPart": Declaration(PROGRAMS, ("text",)),
    # The caller is a client's number, or a network address as a keyed hash; gone within the hour.
    "api.RequestWindow": Declaration(EVENTS, ("caller",)),
    # What a request with a key was answered; gone within the day.
    "api.IdempotentRequest": Declaration(EVENTS, ("caller", "body")),
}

# What holds personal data and is in no copy of it: a sentence for whom it is about.
_SECRETS = _(
    "What lets you in, such as your password, the secrets of second factors and of the browsers "
    "you are logged in with: only you should have them, and we keep most in a form that cannot be "
    "read back."
)
_COPIES = _(
    "Passing records that hold off abuse, carry messages to a linked system and answer a repeated "
    "request: what they say of you is in the other files, and they are gone within hours or days."
)
NOT_EXPORTED: dict[str, str | Promise] = {
    "sessions.Session": _SECRETS,
    "account.EmailConfirmation": _SECRETS,
    "integrations.Delivery": _COPIES,
    "api.RequestWindow": _COPIES,
    "api.IdempotentRequest": _COPIES,
    "api.JobPart": _COPIES,
    "core.Erasing": _COPIES,
    "privacy.ExportChunk": _("Copies that you asked for before: a copy holds no other copy."),
}

# Nothing about a person who uses the site; the authors of published works are named as such.
IMPERSONAL = frozenset(
    {
        "core.EventCursor",
        "core.Heartbeat",
        "accounts.School",
        "content.Course",
        "content.Article",
        "content.SourceParagraph_cites",
        "content.SourceParagraph",
        "content.Unit",
        "content.Figure",
        "content.FigureVersion",
        "content.Reference",
        "content.Section_references",
        "content.Section_terms",
        "content.Section",
        "content.SectionSource",
        "content.FurtherReading",
        "content.GlossaryTerm_sources",
        "content.GlossaryTerm_references",
        "content.GlossaryTerm",
        "content.Actor_sources",
        "content.Actor_references",
        "content.Actor",
        "content.TimelineEvent_actors",
        "content.TimelineEvent_sources",
        "content.TimelineEvent_references",
        "content.TimelineEvent",
        "content.Place_sources",
        "content.Place_references",
        "content.Place",
        "content.SearchEntry",
        "classrooms.Classroom",
        "classrooms.JoinCode",
        "grades.GradeCategory",
        "grades.GradeItem",
        "quizzes.Tag",
        "quizzes.Question_tags",
        "quizzes.Question",
        "quizzes.QuestionSource",
        "quizzes.Quiz",
        "quizzes.QuizItem",
        "quizzes.Assignment",
        "debates.Debate",
        "debates.Side",
        "debates.SideSource",
        "debates.RunPhase",
        "integrations.WebhookEndpoint",
        "integrations.DeliveryAttempt",
        "api.ApiClient",
        "auth.Permission",
        "auth.Group_permissions",
        "auth.Group",
        "contenttypes.ContentType",
    }
)
