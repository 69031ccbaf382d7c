"""Pages of our own beside allauth's."""

from apps.accounts.views.profiles import profile

__all__ = ["profile"]
