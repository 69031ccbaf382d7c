from django.conf import settings
from django.utils.translation import gettext as _

from apps.demo.errors import DemoRefused


def check_may_have_demo(*, is_loopback: bool) -> None:
    """Raises: DemoRefused unless the installation is embedded and listens on loopback."""
    if not settings.EMBEDDED:
        raise DemoRefused(_("Demo accounts are for the embedded database, not for production."))
    if not is_loopback:
        raise DemoRefused(_("Demo accounts are refused where other machines can reach the site."))
