"""A process that saves answers is killed with SIGKILL, over and over: what was acknowledged?

Each round forks a process that calls the services a web process calls, and tells its parent
through a pipe of every save that returned. The parent kills it at a moment that
chance chooses, reads what was acknowledged, and compares it with the database.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from dataclasses import dataclass, field

from django.db import connections

from apps.accounts.models import User
from apps.grades.models import CurrentGrade, GradeEvent
from apps.quizzes import services
from apps.quizzes.enums import AttemptState
from apps.quizzes.models import Assignment, Attempt, Response
from tests.factories import NOW
from tests.quizzes.factories import right_answer

SAVES_BEFORE_SUBMITTING = 6
LONGEST_SECONDS = 0.12  # from the first acknowledgement to the kill


@dataclass
class Verdict:
    """What the rounds came to; `losses` says what was acknowledged and is not there."""

    rounds: int = 0
    acknowledged: int = 0
    submitted: int = 0
    closed_unacknowledged: int = 0
    losses: list[str] = field(default_factory=list)


def rounds_run(count: int, *, assignment: Assignment, student: User, seed: int) -> Verdict:
    """Kill a process `count` times in the middle of its work and examine what is left."""
    chance = random.Random(seed)
    verdict = Verdict()
    for _number in range(count):
        attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
        before = max(attempt.responses.values_list("sequence", flat=True))
        acknowledged = _round(attempt, student, before, chance.uniform(0, LONGEST_SECONDS))
        verdict.rounds += 1
        verdict.acknowledged += len(acknowledged)
        verdict.submitted += "submitted" in acknowledged
        _examine(attempt, acknowledged, before, verdict)
    return verdict


def _round(attempt: Attempt, student: User, before: int, seconds: float) -> list[str]:
    """Fork, wait for the first acknowledgement, kill after `seconds`.  Returns: what was told."""
    connections.close_all()  # a connection must not be shared by two processes
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        status = 1
        try:
            os.close(reading)
            _work(attempt, student, before, writing)
            status = 0
        finally:
            os._exit(status)  # nothing of the parent's is run again
    os.close(writing)
    told = os.read(reading, 65536)
    time.sleep(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    while piece := os.read(reading, 65536):
        told += piece
    os.close(reading)
    # A line without its end was cut off by the kill: it was never told.
    return told.decode().split("\n")[:-1]


def _work(attempt: Attempt, student: User, before: int, writing: int) -> None:
    rows = list(attempt.responses.select_related("version"))
    raw = {row.position: right_answer(row) for row in rows}
    for sequence in range(before + 1, before + 1 + SAVES_BEFORE_SUBMITTING):
        services.answers_save(
            attempt_id=attempt.public_id,
            student=student,
            saves={
                position: services.Save(raw=answer, sequence=sequence, seconds=1)
                for position, answer in raw.items()
            },
            now=NOW,
        )
        os.write(writing, f"{sequence}\n".encode())
    services.attempt_submit(attempt_id=attempt.public_id, student=student, now=NOW)
    os.write(writing, b"submitted\n")


def _examine(attempt: Attempt, acknowledged: list[str], before: int, verdict: Verdict) -> None:
    rows = list(Response.objects.filter(attempt=attempt))
    row = Attempt.objects.get(pk=attempt.pk)
    sequences = {response.sequence for response in rows}
    newest = max([before, *(int(line) for line in acknowledged if line.isdigit())])
    if len(sequences) != 1:
        verdict.losses.append(f"half a save: {sorted(sequences)}")
    if min(sequences) < newest:
        verdict.losses.append(f"save {newest} was acknowledged, {min(sequences)} is there")
    if newest > before and not all(response.answer for response in rows):
        verdict.losses.append("an answer is empty")
    graded = [response.points is not None for response in rows]
    if row.state == AttemptState.OPEN:
        if "submitted" in acknowledged:
            verdict.losses.append("the submission was acknowledged, the attempt is open")
        if any(graded):
            verdict.losses.append("an open attempt is half graded")
        return
    verdict.closed_unacknowledged += "submitted" not in acknowledged
    if not all(graded) or row.points is None:
        verdict.losses.append("a closed attempt is half graded")
    assignment = row.assignment
    grade = CurrentGrade.objects.filter(
        item=assignment.grade_item if assignment else None, student=row.student_id
    ).first()
    if grade is None or grade.points is None:
        verdict.losses.append("a closed attempt has no grade")
    elif not GradeEvent.objects.filter(pk=grade.last_event_id, points=grade.points).exists():
        verdict.losses.append("the grade and the ledger disagree")
