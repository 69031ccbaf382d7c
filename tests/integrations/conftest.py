from collections.abc import Iterator

import pytest
from django.test import override_settings

from apps.integrations import sending


@pytest.fixture(autouse=True)
def _receivers_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Receivers live on this machine, and nobody waits long for one that hangs."""
    monkeypatch.setattr(sending, "STEP_SECONDS", 0.3)
    with override_settings(WEBHOOK_PRIVATE_HOSTS=["127.0.0.1"]):
        yield
