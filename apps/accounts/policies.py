from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User


def check_signed_in(user: User | AnonymousUser) -> User:
    """The person, where only the signed-in come.  Raises: PermissionDenied."""
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def may_manage_people(user: User | AnonymousUser) -> bool:
    """People, schools and who teaches in them are the installation's administrators' alone."""
    return user.is_active and user.is_superuser
