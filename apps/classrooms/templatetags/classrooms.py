"""How pages of classes write a join code."""

from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse

from apps.classrooms import codes

register = template.Library()


@register.filter
def spaced(code: str) -> str:
    """“ABCDEFGH” → “ABCD-EFGH”."""
    return codes.spaced(code)


@register.simple_tag
def join_link(code: str) -> str:
    """The address that opens the join page with the code in its box."""
    return f"{settings.SITE_URL}{reverse('classrooms:join')}?{urlencode({'code': code})}"
