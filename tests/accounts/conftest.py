import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def limits_fresh(db: None) -> None:
    """No test inherits another's rate limits: flushing a database leaves the cache's table."""
    cache.clear()
