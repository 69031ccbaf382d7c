import pytest

from apps.core import policies


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.10", False),
        ("localhost.example", False),
        ("127.0.0.1.example", False),
        ("", False),
    ],
)
def test_is_loopback_is_this_machine_alone(host: str, is_loopback: bool) -> None:
    assert policies.is_loopback(host) is is_loopback
