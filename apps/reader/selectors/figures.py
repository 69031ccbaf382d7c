from django.utils.translation import gettext as _

from apps.content.models import Figure, FigureVersion
from apps.core.errors import NotFound


def figure_content(course: str, checksum: str, file: str) -> tuple[bytes, str]:
    """The bytes and media type of a figure.

    checksum: the first 16 hexadecimal digits; the address changes with the bytes.
    A figure that has been replaced since is found among its versions: editions still show it.
    Raises: NotFound.  Queries: 1, or 2 for an earlier version.
    """
    figures = Figure.objects.filter(course__slug=course, file=file, checksum__startswith=checksum)
    versions = FigureVersion.objects.filter(
        figure__course__slug=course, figure__file=file, checksum__startswith=checksum
    )
    columns = ("content", "media_type")
    row = figures.values_list(*columns).first() or versions.values_list(*columns).first()
    if row is None:
        raise NotFound(_("There is no such figure."))
    return bytes(row[0]), row[1]
