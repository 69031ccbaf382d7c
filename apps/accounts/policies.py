from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import User


def may_manage_people(user: User | AnonymousUser) -> bool:
    """People, schools and who teaches in them are the installation's administrators' alone."""
    return user.is_active and user.is_superuser
