from django.utils.translation import gettext as _

from apps.content.models import Figure
from apps.core.errors import NotFound


def figure_content(course: str, checksum: str, file: str) -> tuple[bytes, str]:
    """The bytes and media type of a figure.

    checksum: the first 16 hexadecimal digits; the address changes with the bytes.
    Raises: NotFound.  Queries: 1.
    """
    row = (
        Figure.objects.filter(course__slug=course, file=file, checksum__startswith=checksum)
        .values_list("content", "media_type")
        .first()
    )
    if row is None:
        raise NotFound(_("There is no such figure."))
    return bytes(row[0]), row[1]
