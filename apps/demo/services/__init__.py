"""The demo: its people, and the class in which they argue."""

from apps.demo.services.classes import demo_class_create
from apps.demo.services.people import (
    DemoAccount,
    demo_accounts_create,
    demo_accounts_delete,
)

__all__ = [
    "DemoAccount",
    "demo_accounts_create",
    "demo_accounts_delete",
    "demo_class_create",
]
