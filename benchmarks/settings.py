"""The product's own settings with four yardstick pages beside it; every middleware stays on."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "benchmarks" / "templates"]  # noqa: F405
