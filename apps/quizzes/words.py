"""What the types of question are called, and how points are earned, in the reader's language."""

from django.utils.translation import gettext_lazy as _

TYPES = {
    "single_choice": _("Single choice"),
    "multiple_response": _("Multiple response"),
    "true_false": _("True or false"),
    "short_text": _("Short text"),
    "numeric": _("Number"),
    "ordering": _("Ordering"),
    "matching": _("Matching"),
    "gap_fill": _("Gap fill"),
    "categorise": _("Categories"),
    "locate": _("Place on the map"),
    "select_evidence": _("Evidence"),
    "essay": _("Essay"),
}

# By the code that a type's `rule_text` gives.
_ALL = _("Everything must be right for the points; otherwise there are none.")
_SHARES = _(
    "Each right choice earns its share; each wrong one takes a share away; never below nothing."
)
_HALVES = _("The right answer earns half; the right reason for it earns the other half.")
RULES = {
    "single_choice.one_best": _("The right choice earns the points."),
    "single_choice.weighted": _("The best choice earns the points; others may earn a part."),
    "multiple_response.each_option": _(
        "Every option counts its share: a right one when it is chosen, a wrong one when it is not."
    ),
    "multiple_response.right_minus_wrong": _SHARES,
    "multiple_response.all_or_nothing": _ALL,
    "true_false.both": _("Answer and reason must both be right for the points."),
    "true_false.both.written": _(
        "A right answer earns what its reason is worth, which a person marks."
    ),
    "true_false.half_each": _HALVES,
    "true_false.half_each.written": _(
        "The right answer earns half; its reason, which a person marks, up to the other half."
    ),
    "true_false.answer_only": _("The right answer earns the points."),
    "short_text.best_match": _("An accepted answer earns the points; some may earn a part."),
    "numeric.first_match": _("A number that is close enough earns the points."),
    "numeric.unit_required": _(
        "A number that is close enough earns the points; without its unit, half of them."
    ),
    "numeric.year_range": _("The first year and the last one earn half of the points each."),
    "ordering.pairs": _(
        "Every two items in the right order earn a share; less than half of them earns nothing."
    ),
    "ordering.positions": _("Each item at its own position earns its share."),
    "ordering.all_or_nothing": _ALL,
    "matching.each_pair": _("Each right pair earns its share."),
    "matching.all_or_nothing": _ALL,
    "gap_fill.each_gap": _("Each gap earns its share."),
    "gap_fill.all_or_nothing": _ALL,
    "categorise.each_item": _("Each item in its category earns its share."),
    "categorise.all_or_nothing": _ALL,
    "locate.mark": _("The right mark earns the points."),
    "locate.point": _("A point near the place earns the points; one further off, half of them."),
    "select_evidence.all_or_nothing": _(
        "Exactly the passages that support the claim earn the points."
    ),
    "select_evidence.right_minus_wrong": _SHARES,
    "essay.rubric": _("A person marks this by the criteria that are shown."),
}

# By Words.code.
CODES = {
    "true": _("True"),
    "false": _("False"),
    "answer": _("Answer"),
    "reason": _("Reason"),
    "start": _("Start"),
    "end": _("End"),
}
