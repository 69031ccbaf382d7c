from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("on its way")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("failed")


class DisabledReason(models.TextChoices):
    NONE = "", _("enabled")
    GONE = "gone", _("the receiver answered 410 Gone")
    BY_HAND = "by_hand", _("switched off")
