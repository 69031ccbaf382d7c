"""Figures: whether each file is there, and is a picture that is safe to show."""

from __future__ import annotations

from collections.abc import Iterator

from apps.content.errors import InvalidContent
from apps.content.services.figures import inspect_picture
from apps.courseware.format import Fault, Reading


def picture_faults(reading: Reading) -> Iterator[Fault]:
    for figure in reading.files.figures:
        if not figure.file:
            continue
        if figure.content is None:
            yield figure.where.fault(
                f"figures/{figure.file} is missing.", "Put the picture there.", "file"
            )
            continue
        try:
            inspect_picture(figure.file, figure.content)
        except InvalidContent as error:
            yield Fault(f"figures/{figure.file}", 0, error.message, "Mend the picture.")
