from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.v1.access import ApiView


class Missing(ApiView):
    """Every address below /api/ that leads nowhere answers as a problem, not as a page."""

    write_scope = None

    def get(self, _request: Request, **_place: Any) -> Response:
        raise NotFound

    post = put = patch = delete = get
