from django.urls import path, re_path

from apps.api import views
from apps.api.v1 import (
    accommodations,
    answers,
    arguments,
    assignments,
    attempts,
    changes,
    classrooms,
    content,
    contests,
    debate_runs,
    drafts,
    enrolments,
    exports,
    grades,
    jobs,
    marking,
    marks,
    missing,
    moderation,
    motions,
    notes,
    notifications,
    nouns,
    opinions,
    own_grades,
    participants,
    practices,
    progress,
    questions,
    quizzes,
    references,
    reflections,
    review,
    rosters,
    schema,
    schools,
    search,
    statistics,
    tokens,
    users,
    webhooks,
)

app_name = "api"

RUN = "v1/debate-runs/<uuid:run>"
ARGUMENT = f"{RUN}/arguments/<uuid:argument>"


COURSE = "v1/courses/<slug:course>"
LESSON = f"{COURSE}/lessons/<slug:unit>/<slug:lesson>"

courses = [
    path("v1/courses", content.Courses.as_view(), name="courses"),
    path(COURSE, content.Course.as_view(), name="course"),
    path(f"{COURSE}/units", content.Units.as_view(), name="units"),
    path(f"{COURSE}/units/<slug:unit>", content.Unit.as_view(), name="unit"),
    path(f"{COURSE}/lessons", content.Lessons.as_view(), name="lessons"),
    path(LESSON, content.Lesson.as_view(), name="lesson"),
    path(f"{LESSON}/editions", content.Editions.as_view(), name="editions"),
    path("v1/lessons/<uuid:lesson_id>", content.LessonById.as_view(), name="lesson-by-id"),
    path(f"{COURSE}/paragraphs", content.Paragraphs.as_view(), name="paragraphs"),
    path(f"{COURSE}/paragraphs/<slug:number>", content.Paragraph.as_view(), name="paragraph"),
    path(f"{COURSE}/references", references.References.as_view(), name="references"),
    path(f"{COURSE}/references/<slug:reference>", references.Reference.as_view(), name="reference"),
    path(
        f"{COURSE}/references/<slug:reference>/<slug:form>",
        references.ReferenceFile.as_view(),
        name="reference-file",
    ),
    path(
        f"{COURSE}/bibliography/<slug:form>",
        references.Bibliography.as_view(),
        name="bibliography",
    ),
    *(
        path(f"{COURSE}/{noun}", nouns.Nouns.as_view(**parts), name=noun)
        for noun, parts in nouns.NOUNS.items()
    ),
    *(
        path(
            f"{COURSE}/{noun}/<slug:slug>",
            nouns.Noun.as_view(relation=parts["relation"], shape=parts["shape"]),
            name=f"{noun}-one",
        )
        for noun, parts in nouns.NOUNS.items()
    ),
    path(f"{COURSE}/search", search.Search.as_view(), name="search"),
]
QUESTION = f"{COURSE}/questions/<slug:question>"
GIVEN = "v1/classrooms/<str:key>/assignments"
ASSIGNMENT = f"{GIVEN}/<uuid:assignment_id>"
ATTEMPT = "v1/attempts/<uuid:attempt_id>"
ITEM = f"{ATTEMPT}/items/<int:position>"
CONTESTS = "v1/classrooms/<str:key>/contests"

quizzing = [
    # authors
    path(f"{COURSE}/questions", questions.Questions.as_view(), name="questions"),
    path(QUESTION, questions.QuestionDetail.as_view(), name="question"),
    path(f"{QUESTION}/versions", questions.QuestionVersions.as_view(), name="question-versions"),
    path(f"{QUESTION}/retire", questions.QuestionRetire.as_view(), name="question-retire"),
    path(f"{QUESTION}/reinstate", questions.QuestionReinstate.as_view(), name="question-reinstate"),
    path(
        f"{COURSE}/question-files/<slug:file_format>",
        questions.QuestionFile.as_view(),
        name="question-file",
    ),
    path(f"{COURSE}/quizzes", quizzes.Quizzes.as_view(), name="quizzes"),
    path(f"{COURSE}/quizzes/<slug:quiz>", quizzes.QuizDetail.as_view(), name="quiz"),
    # a class and its staff
    path(
        "v1/classrooms/<str:key>/quizzes",
        assignments.QuizzesToGive.as_view(),
        name="quizzes-to-give",
    ),
    path(GIVEN, assignments.Assignments.as_view(), name="assignments"),
    path(ASSIGNMENT, assignments.AssignmentDetail.as_view(), name="assignment"),
    path(
        f"{ASSIGNMENT}/publish", assignments.AssignmentPublish.as_view(), name="assignment-publish"
    ),
    path(
        f"{ASSIGNMENT}/withdraw",
        assignments.AssignmentWithdraw.as_view(),
        name="assignment-withdraw",
    ),
    path(
        f"{ASSIGNMENT}/attempts", attempts.AssignmentAttempts.as_view(), name="assignment-attempts"
    ),
    path(f"{ASSIGNMENT}/statistics", statistics.Statistics.as_view(), name="assignment-statistics"),
    path(f"{ASSIGNMENT}/marking", marking.Marking.as_view(), name="marking"),
    path(
        f"{ASSIGNMENT}/marking/<str:answer>",
        marking.MarkingAnswer.as_view(),
        name="marking-answer",
    ),
    path(CONTESTS, contests.Contests.as_view(), name="contests"),
    path(f"{CONTESTS}/<uuid:contest_id>", contests.ContestDetail.as_view(), name="contest"),
    path(
        f"{CONTESTS}/<uuid:contest_id>/decision",
        contests.ContestDecision.as_view(),
        name="contest-decision",
    ),
    # students
    path(f"{COURSE}/practices", practices.Practices.as_view(), name="practices"),
    path(
        f"{COURSE}/practices/<slug:quiz>/attempts",
        practices.PracticeAttempts.as_view(),
        name="practice-attempts",
    ),
    path("v1/attempts", attempts.MyAttempts.as_view(), name="attempts"),
    path(ATTEMPT, attempts.AttemptDetail.as_view(), name="attempt"),
    path(f"{ATTEMPT}/submit", attempts.AttemptSubmit.as_view(), name="attempt-submit"),
    path(f"{ATTEMPT}/review", attempts.AttemptReview.as_view(), name="attempt-review"),
    path(ITEM, answers.Answer.as_view(), name="attempt-answer"),
    path(f"{ITEM}/hints", answers.Hint.as_view(), name="attempt-hint"),
    path(f"{ITEM}/check", answers.Check.as_view(), name="attempt-check"),
    path(f"{ITEM}/contest", contests.ItemContest.as_view(), name="attempt-contest"),
]

CLASS = "v1/classrooms/<str:key>"
PERSON = f"{CLASS}/enrolments/<str:person>"
COLUMN = f"{CLASS}/grade-items/<str:item>"
HOOK = "v1/webhooks/<uuid:webhook>"
DELIVERY = "v1/webhook-deliveries/<uuid:delivery>"

classes = [
    path("v1/schools", schools.Schools.as_view(), name="schools"),
    path(
        "v1/schools/<slug:school>/courses", schools.SchoolCourses.as_view(), name="school-courses"
    ),
    path("v1/classrooms", classrooms.Classrooms.as_view(), name="classrooms"),
    path(CLASS, classrooms.ClassroomDetail.as_view(), name="classroom"),
    path(f"{CLASS}/enrolments", enrolments.Enrolments.as_view(), name="enrolments"),
    path(PERSON, enrolments.EnrolmentDetail.as_view(), name="enrolment"),
    path(
        f"{PERSON}/accommodations",
        accommodations.Accommodations.as_view(),
        name="accommodations",
    ),
    path(
        f"{PERSON}/accommodations/<str:activity>",
        accommodations.AccommodationDetail.as_view(),
        name="accommodation",
    ),
    path(f"{CLASS}/invitations", enrolments.Invitations.as_view(), name="invitations"),
    path(f"{CLASS}/roster", rosters.Roster.as_view(), name="roster"),
    path(f"{CLASS}/roster/jobs", rosters.LongRoster.as_view(), name="roster-jobs"),
]
gradebook = [
    path(f"{CLASS}/grades/mine", own_grades.OwnGrades.as_view(), name="own-grades"),
    path(f"{CLASS}/grade-items", grades.GradeItems.as_view(), name="grade-items"),
    path(COLUMN, grades.GradeItemDetail.as_view(), name="grade-item"),
    path(f"{COLUMN}/release", grades.GradeItemRelease.as_view(), name="grade-item-release"),
    path(f"{COLUMN}/hold", grades.GradeItemHold.as_view(), name="grade-item-hold"),
    path(f"{COLUMN}/grades", marks.Marks.as_view(), name="grades"),
    path(f"{COLUMN}/grades/<str:student>", marks.GradeDetail.as_view(), name="grade"),
    path(
        f"{COLUMN}/grades/<str:student>/decisions",
        marks.GradeDecision.as_view(),
        name="grade-decision",
    ),
    path(f"{CLASS}/grade-events", grades.GradeEvents.as_view(), name="grade-events"),
    path(f"{CLASS}/results", classrooms.Results.as_view(), name="results"),
    path(f"{CLASS}/results/jobs", exports.ResultsExport.as_view(), name="results-jobs"),
    path(
        "v1/results/jobs",
        exports.ResultsExportEverywhere.as_view(),
        name="results-everywhere-jobs",
    ),
    path("v1/results", classrooms.ResultsEverywhere.as_view(), name="results-everywhere"),
]
hooks = [
    path("v1/webhooks", webhooks.Webhooks.as_view(), name="webhooks"),
    path(HOOK, webhooks.WebhookDetail.as_view(), name="webhook"),
    path(f"{HOOK}/secret", webhooks.WebhookSecret.as_view(), name="webhook-secret"),
    path(f"{HOOK}/test", webhooks.WebhookTest.as_view(), name="webhook-test"),
    path("v1/webhook-deliveries", webhooks.Deliveries.as_view(), name="deliveries"),
    path(DELIVERY, webhooks.DeliveryDetail.as_view(), name="delivery"),
    path(f"{DELIVERY}/replay", webhooks.DeliveryReplay.as_view(), name="delivery-replay"),
]
pages = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/new/", views.token_create, name="token-create"),
    path("tokens/<uuid:public_id>/revoke/", views.token_revoke, name="token-revoke"),
    path("consents/<uuid:public_id>/revoke/", views.consent_revoke, name="consent-revoke"),
    path("v1/oauth/authorize", views.authorize, name="authorize"),
]
debates = [
    path(
        "v1/courses/<str:authored>/debates", motions.CourseDebates.as_view(), name="course-debates"
    ),
    path(
        "v1/courses/<str:authored>/debates/<uuid:debate>",
        motions.CourseDebate.as_view(),
        name="course-debate",
    ),
    path("v1/classrooms/<str:key>/debates", motions.MotionsOffered.as_view(), name="debates"),
    path(
        "v1/classrooms/<str:key>/debate-runs",
        debate_runs.DebateRuns.as_view(),
        name="debate-runs",
    ),
    path(RUN, debate_runs.DebateRunDetail.as_view(), name="debate-run"),
    path(f"{RUN}/stances/opening", opinions.OpeningStance.as_view(), name="debate-opening"),
    path(f"{RUN}/stances/closing", opinions.ClosingStance.as_view(), name="debate-closing"),
    path(f"{RUN}/arguments", arguments.Arguments.as_view(), name="debate-arguments"),
    path(ARGUMENT, arguments.ArgumentDetail.as_view(), name="debate-argument"),
    path(f"{ARGUMENT}/rating", opinions.ArgumentRating.as_view(), name="debate-rating"),
    path(f"{ARGUMENT}/moved", opinions.ArgumentMoved.as_view(), name="debate-moved"),
    path(f"{ARGUMENT}/reports", opinions.ArgumentReports.as_view(), name="debate-report"),
    path(
        f"{ARGUMENT}/moderation",
        moderation.ArgumentModeration.as_view(),
        name="debate-moderate",
    ),
    path(f"{RUN}/moderation", moderation.ModerationLog.as_view(), name="debate-moderation"),
    path(f"{RUN}/reports", moderation.DebateReports.as_view(), name="debate-reports"),
    path(f"{RUN}/participants", participants.Participants.as_view(), name="debate-participants"),
    path(
        f"{RUN}/participants/<uuid:participant>/scores",
        participants.Scores.as_view(),
        name="debate-scores",
    ),
    path(f"{RUN}/drafts", drafts.Drafts.as_view(), name="debate-drafts"),
    path(f"{RUN}/drafts/<str:place>", drafts.DraftDetail.as_view(), name="debate-draft"),
    path(f"{RUN}/mine", reflections.OwnPart.as_view(), name="debate-mine"),
    path(f"{RUN}/reflection", reflections.OwnReflection.as_view(), name="debate-reflection"),
    path(f"{RUN}/reviews", reflections.PeerReviews.as_view(), name="debate-reviews"),
    path(
        f"{RUN}/reviews/<uuid:review>",
        reflections.PeerReviewDetail.as_view(),
        name="debate-review",
    ),
    path(f"{RUN}/results", participants.DebateResults.as_view(), name="debate-results"),
]
NOTICE = "v1/notifications/<uuid:notification>"

own = [
    path("v1/progress", progress.Progress.as_view(), name="progress"),
    path(f"{COURSE}/progress", progress.CourseProgress.as_view(), name="course-progress"),
    path(f"{LESSON}/progress", progress.LessonWord.as_view(), name="lesson-progress"),
    path("v1/notifications", notifications.Notifications.as_view(), name="notifications"),
    path(
        "v1/notifications/read",
        notifications.NotificationsRead.as_view(),
        name="notifications-read",
    ),
    path(
        "v1/notifications/preferences",
        notifications.NotificationPreferences.as_view(),
        name="notification-preferences",
    ),
    path(NOTICE, notifications.NotificationDetail.as_view(), name="notification"),
    path(f"{NOTICE}/read", notifications.NotificationRead.as_view(), name="notification-read"),
    path("v1/notes", notes.Notes.as_view(), name="notes"),
    path("v1/notes/<uuid:note>", notes.NoteDetail.as_view(), name="note"),
    path("v1/review/queue", review.ReviewQueue.as_view(), name="review-queue"),
    path("v1/review/cards", review.ReviewCards.as_view(), name="review-cards"),
    path("v1/review/cards/<uuid:card>", review.ReviewCardDetail.as_view(), name="review-card"),
    path(
        "v1/review/cards/<uuid:card>/ratings",
        review.ReviewRatings.as_view(),
        name="review-ratings",
    ),
]
urlpatterns = [
    *pages,
    path("v1/docs", views.Docs.as_view(), name="docs"),
    path("v1/openapi.json", schema.OpenApi.as_view(), name="openapi"),
    path("v1/oauth/token", tokens.Token.as_view(), name="token"),
    path("v1/oauth/revoke", tokens.Revocation.as_view(), name="revocation"),
    *courses,
    *quizzing,
    *classes,
    *gradebook,
    *hooks,
    path("v1/jobs", jobs.Jobs.as_view(), name="jobs"),
    path("v1/jobs/<uuid:job>/file", exports.JobFile.as_view(), name="job-file"),
    path("v1/jobs/<uuid:job>", jobs.JobDetail.as_view(), name="job"),
    path("v1/users", users.Users.as_view(), name="users"),
    path("v1/users/me", users.UserMe.as_view(), name="me"),
    path("v1/users/<str:user>", users.UserDetail.as_view(), name="user"),
    path("v1/changes", changes.Changes.as_view(), name="changes"),
    *debates,
    *own,
    re_path(r"^[\s\S]*\Z", missing.Missing.as_view(), name="missing"),
]
