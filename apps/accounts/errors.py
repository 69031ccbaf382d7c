from apps.core.errors import Conflict


class EmailTaken(Conflict):
    """Another account has this address. Show it to nobody who has not signed in."""

    code = "email_taken"


class PasswordChanged(Conflict):
    """The password is not the one with which the person came in."""

    code = "password_changed"
