"""Copies of everything about a person, and erasing one: composed of what each app does."""

from apps.privacy.services.erased import erased_reapply, erased_remember
from apps.privacy.services.erasing import (
    erasure_advance,
    erasure_cancel,
    erasure_force,
    erasure_request,
    erasure_run,
    erasures_do_due,
    text_redact,
)
from apps.privacy.services.exporting import (
    export_request,
    exports_delete_old,
    exports_make_due,
)

__all__ = [
    "erased_reapply",
    "erased_remember",
    "erasure_advance",
    "erasure_cancel",
    "erasure_force",
    "erasure_request",
    "erasure_run",
    "erasures_do_due",
    "export_request",
    "exports_delete_old",
    "exports_make_due",
    "text_redact",
]
