from apps.core.errors import Conflict


class EmailTaken(Conflict):
    """Another account has this address. Show it to nobody who has not signed in."""

    code = "email_taken"
