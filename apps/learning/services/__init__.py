"""Every write of progress and of calendar addresses."""

from apps.learning.services.declaring import lesson_declare, lesson_retract
from apps.learning.services.recording import progress_record, progress_settle

__all__ = ["lesson_declare", "lesson_retract", "progress_record", "progress_settle"]
