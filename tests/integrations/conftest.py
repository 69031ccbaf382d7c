import pytest
from pytest_django.fixtures import SettingsWrapper

from apps.integrations import sending


@pytest.fixture(autouse=True)
def _receivers_here(settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    """Receivers live on this machine, and nobody waits long for one that hangs."""
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr(sending, "STEP_SECONDS", 0.3)
