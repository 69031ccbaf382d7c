"""What those who teach look at: what waits, who has stopped, and which paragraph is hard."""

from apps.teaching.selectors.duties import Card, Duty, TeachingHome, card_of, home_of
from apps.teaching.selectors.heat import HeatMap, Line, heat_map
from apps.teaching.selectors.mastery import ClassMastery, class_mastery

__all__ = [
    "Card",
    "ClassMastery",
    "Duty",
    "HeatMap",
    "Line",
    "TeachingHome",
    "card_of",
    "class_mastery",
    "heat_map",
    "home_of",
]
