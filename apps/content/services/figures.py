from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from lxml import etree
from PIL import Image, UnidentifiedImageError

from apps.accounts.models import User
from apps.content import selectors
from apps.content.errors import InvalidContent
from apps.content.models import Course, Figure, FigureVersion
from apps.content.services.courses import course_outline_refresh, event_of

MAX_BYTES = 200 * 1024
MAX_PIXELS = 20_000_000
FORMATS = {
    "PNG": ("png", "image/png"),
    "JPEG": ("jpg", "image/jpeg"),
    "WEBP": ("webp", "image/webp"),
}

SVG = "{http://www.w3.org/2000/svg}"
# "use" of a "use" of a "use" draws a billion shapes.
FORBIDDEN_ELEMENTS = {"script", "foreignObject", "iframe", "image", "style", "animate", "set"}
FORBIDDEN_ELEMENTS |= {"animateTransform", "animateMotion", "handler", "listener", "use"}


@dataclass(frozen=True, slots=True)
class Picture:
    """What a file turned out to be; width and height in pixels, None where it does not say."""

    media_type: str
    width: int | None
    height: int | None


def inspect_picture(file: str, content: bytes) -> Picture:
    """Look into a picture before it is stored.

    Raises: InvalidContent: too large, not what its name says, or an SVG that could do more than
    be looked at (script, event attributes, links, styles, embedded documents).
    """
    if len(content) > MAX_BYTES:
        raise InvalidContent(
            _("%(file)s has %(size)s KB; at most %(limit)s are allowed.")
            % {"file": file, "size": len(content) // 1024, "limit": MAX_BYTES // 1024},
            field="file",
        )
    return _inspect_svg(file, content) if file.endswith(".svg") else _inspect_raster(file, content)


def _inspect_raster(file: str, content: bytes) -> Picture:
    try:
        with Image.open(io.BytesIO(content), formats=list(FORMATS)) as image:
            ending, media_type = FORMATS[str(image.format)]
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise InvalidContent(
                    _("%(file)s has too many pixels.") % {"file": file}, field="file"
                )
            image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidContent(
            _("%(file)s is not a PNG, JPEG or WebP picture.") % {"file": file}, field="file"
        ) from error
    if not file.endswith(f".{ending}"):
        raise InvalidContent(
            _("%(file)s is a .%(ending)s picture; name it so.") % {"file": file, "ending": ending},
            field="file",
        )
    return Picture(media_type, width, height)


def _inspect_svg(file: str, content: bytes) -> Picture:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidContent(
            _("%(file)s is not well-formed: %(reason)s") % {"file": file, "reason": error.msg},
            field="file",
        ) from error
    if root.tag != f"{SVG}svg" or root.getroottree().docinfo.doctype:
        raise InvalidContent(
            _("%(file)s is not a plain SVG picture.") % {"file": file}, field="file"
        )
    for element in root.iter():
        if not isinstance(element.tag, str):
            if element.tag is etree.Comment:
                continue
            raise _not_allowed(file, "<?…?>")
        name = etree.QName(element)
        if name.namespace != SVG[1:-1] or name.localname in FORBIDDEN_ELEMENTS:
            raise _not_allowed(file, f"<{name.localname}>")
        for attribute, value in element.attrib.items():
            local = etree.QName(attribute).localname.lower()
            is_link = local in {"href", "src"} and not value.startswith("#")
            reaches_out = "url(" in value and not re.fullmatch(r"url\(#[\w-]+\)", value.strip())
            if local.startswith("on") or local == "style" or is_link or reaches_out:
                raise _not_allowed(file, local)
    return Picture("image/svg+xml", *_svg_size(root))


def _not_allowed(file: str, what: str) -> InvalidContent:
    message = _("%(file)s holds “%(what)s”, which a picture may not.") % {
        "file": file,
        "what": what,
    }
    return InvalidContent(message, field="file")


def _svg_size(root: etree._Element) -> tuple[int | None, int | None]:
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        width, height = (round(float(value)) for value in box[2:4])
    except ValueError:
        return None, None
    return (width, height) if width > 0 and height > 0 else (None, None)


@transaction.atomic
def figure_save(
    *,
    course: Course,
    file: str,
    alt: str,
    credit: str = "",
    content: bytes | None,
    editor: User | None,
    now: datetime,
) -> Figure:
    """Store a picture under its file name, or change what is said of it (`content` None).

    Replaced bytes are kept: editions show them under an address of their own.

    Raises: InvalidContent; ValidationError, by field.
    """
    figure = Figure.objects.filter(course=course, file=file).first()
    figure = figure or Figure(course=course, file=file)
    before = (figure.alt, figure.credit, figure.checksum)
    figure.alt, figure.credit = alt, credit
    if content is not None:
        picture = inspect_picture(file, content)
        checksum = hashlib.sha256(content).hexdigest()
        if figure.checksum and figure.checksum != checksum:
            _version_keep(figure, now)
        figure.content, figure.media_type = content, picture.media_type
        figure.width, figure.height = picture.width, picture.height
        figure.checksum = checksum
    if not figure.checksum:
        raise InvalidContent(_("Choose a picture."), field="file")
    if figure.pk is None or before != (figure.alt, figure.credit, figure.checksum):
        figure.full_clean()
        figure.save()
        event_of(course, "figure.saved", figure.public_id, editor, now)
        course_outline_refresh(course=course)
    return figure


def _version_keep(figure: Figure, now: datetime) -> None:
    """Keep the bytes that are about to be replaced: editions show them under their checksum."""
    FigureVersion.objects.get_or_create(
        figure=figure,
        checksum=figure.checksum,
        defaults={
            "media_type": figure.media_type,
            "content": bytes(figure.content),
            "replaced_at": now,
        },
    )


@transaction.atomic
def figure_delete(*, figure: Figure, editor: User | None, now: datetime) -> None:
    """Delete a picture that neither a draft nor a published edition shows.

    Earlier editions lose it.  Raises: InvalidContent, counting the uses.
    """
    uses = selectors.where_used(figure)
    if uses:
        raise InvalidContent(
            _("“%(file)s” is shown in %(count)s places; change those first.")
            % {"file": figure.file, "count": len(uses)},
            field="file",
        )
    course = figure.course
    event_of(course, "figure.deleted", figure.public_id, editor, now, is_tombstone=True)
    figure.delete()
    course_outline_refresh(course=course)
