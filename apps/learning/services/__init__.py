"""Every write of progress and of calendar addresses."""

from apps.learning.services.declaring import lesson_declare, lesson_retract
from apps.learning.services.feeds import feed_renew, feed_revoke, keys_end
from apps.learning.services.recording import progress_record, progress_settle

__all__ = [
    "feed_renew",
    "feed_revoke",
    "keys_end",
    "lesson_declare",
    "lesson_retract",
    "progress_record",
    "progress_settle",
]
