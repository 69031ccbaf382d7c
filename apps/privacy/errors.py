from collections.abc import Sequence

from apps.core.errors import Conflict, DomainError


class CannotErase(Conflict):
    """Others would be left without what they need.  titles: of the classes, where it is those."""

    code = "cannot_erase"

    def __init__(self, message: str, *, titles: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.titles = list(titles)


class ErasureIncomplete(DomainError):
    """Some of those who are to be erased again are still here, each with what stood in the way."""

    code = "erasure_incomplete"
    http_status = 500


class TooLarge(DomainError):
    """A copy outgrew its limit; somebody who runs the site makes it by hand."""

    code = "too_large"
