"""The closed lists of the content: what a course file may say, and what people read for it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EvidenceKind(models.TextChoices):
    TREATY = "treaty", _("Treaty or agreement")
    OFFICIAL = "official", _("Official statement")
    PEER_REVIEWED = "peer_reviewed", _("Peer-reviewed article")
    BOOK = "book", _("Book")
    CHAPTER = "chapter", _("Book chapter")
    THESIS = "thesis", _("Thesis")
    THINK_TANK = "think_tank", _("Think-tank paper")
    PRESS = "press", _("Press report")
    OTHER = "other", _("Other")


class ReferenceStatus(models.TextChoices):
    CURRENT = "current", _("Current")
    CORRECTED = "corrected", _("Corrected")
    RETRACTED = "retracted", _("Retracted")


class ActorKind(models.TextChoices):
    STATE = "state", _("State")
    ORGANISATION = "organisation", _("Organisation")
    PERSON = "person", _("Person")
    PROJECT = "project", _("Project")
    GROUP = "group", _("Group")


class ScoStatus(models.TextChoices):
    MEMBER = "member", _("Member")
    OBSERVER = "observer", _("Observer")
    PARTNER = "partner", _("Dialogue partner")


class PlaceKind(models.TextChoices):
    CITY = "city", _("City")
    PORT = "port", _("Port")
    CORRIDOR = "corridor", _("Corridor")
    SITE = "site", _("Site")
