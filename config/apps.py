from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The project itself: here for its system checks alone."""

    name = "config"
    label = "project"

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415 - registers them
