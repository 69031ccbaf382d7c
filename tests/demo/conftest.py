from tests.courseware.conftest import bundled

__all__ = ["bundled"]
