import re

from django.conf import settings


def test_every_variable_is_in_the_operators_guide() -> None:
    guide = (settings.BASE_DIR / "docs" / "deploy.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z_]+)`", guide, re.MULTILINE))
    read = set()
    for name in ("settings.py", "env.py"):
        text = (settings.BASE_DIR / "config" / name).read_text()
        read |= set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', text))
        read |= set(re.findall(r'(?:environ\.get|whole)\(\s*"([A-Z_]+)"', text))
    assert read == documented
