from django.urls import path

from apps.debates.views import arguing, exports, reflecting, staff, taking

app_name = "debates"

DEBATES = "<uuid:public_id>/debates"
RUN = f"{DEBATES}/<uuid:run_id>"
ARGUMENT = f"{RUN}/arguments/<uuid:argument_id>"

urlpatterns = [
    path(f"{DEBATES}/", taking.runs, name="runs"),
    path(f"{DEBATES}/new/", staff.run_choose, name="run-choose"),
    path(f"{DEBATES}/new/motion/", staff.motion_write, name="motion-write"),
    path(f"{DEBATES}/new/<uuid:motion_id>/motion/", staff.motion_write, name="motion-edit"),
    path(f"{DEBATES}/new/<uuid:debate_id>/", staff.run_create, name="run-create"),
    path(f"{RUN}/", taking.run, name="run"),
    path(f"{RUN}/sides/", taking.sides, name="sides"),
    path(f"{RUN}/branch/", taking.branch, name="branch"),
    path(f"{RUN}/map/", taking.picture, name="map"),
    path(f"{RUN}/news/", taking.news, name="news"),
    path(f"{RUN}/stance/", taking.stance, name="stance"),
    path(f"{RUN}/closing/", taking.closing, name="closing"),
    path(f"{RUN}/argue/", arguing.argue, name="argue"),
    path(f"{RUN}/sources/", arguing.sources, name="sources"),
    path(f"{RUN}/balance/", arguing.balance, name="balance"),
    path(f"{RUN}/draft/", arguing.draft, name="draft"),
    path(f"{ARGUMENT}/", taking.argument, name="argument"),
    path(f"{ARGUMENT}/answer/", arguing.answer, name="answer"),
    path(f"{ARGUMENT}/edit/", arguing.edit, name="edit"),
    path(f"{ARGUMENT}/history/", arguing.history, name="history"),
    path(f"{ARGUMENT}/withdraw/", arguing.withdraw, name="withdraw"),
    path(f"{ARGUMENT}/rate/", arguing.rate, name="rate"),
    path(f"{ARGUMENT}/moved/", arguing.moved, name="moved"),
    path(f"{ARGUMENT}/report/", arguing.report, name="report"),
    path(f"{ARGUMENT}/moderate/", staff.moderate, name="moderate"),
    path(f"{RUN}/moderation/", staff.moderation, name="moderation"),
    path(f"{RUN}/assessment/", staff.assessment, name="assessment"),
    path(f"{RUN}/assessment/<uuid:participant_id>/", staff.assess, name="assess"),
    path(f"{RUN}/results/", staff.results, name="results"),
    path(f"{RUN}/dates/", staff.dates, name="dates"),
    path(f"{RUN}/export/", exports.exports, name="exports"),
    path(f"{RUN}/export/<slug:kind>/", exports.export, name="export"),
    path(f"{RUN}/mine/", reflecting.mine, name="mine"),
    path(f"{RUN}/mine/reviews/", reflecting.reviews, name="reviews"),
    path(f"{RUN}/mine/reviews/<uuid:review_id>/", reflecting.review, name="review"),
]
