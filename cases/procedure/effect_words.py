"""What a remedy does to removal, in words."""

from django.utils.translation import gettext as _

from cases.case.nationalities import country_name
from cases.procedure.models import Effect, Remedy, RemedyKind, Ruling


def effect_sentence(one: Remedy) -> str:
    """What it does to removal now, in one sentence."""
    if not one.is_standing:
        return ""
    if one.suspends and one.ruled_on is not None:
        return _("The court granted it: removal stays suspended until a new decision.")
    if one.ruling == Ruling.NOT_STATED:
        return _("The court has ruled; what is not known. Ask IND before any step.")
    if one.ruled_on is not None:
        return _("The court has ruled. This remedy no longer suspends removal.")
    if one.kind == RemedyKind.ECTHR and one.effect == Effect.UNTIL_RELIEF:
        words = {"country": country_name(one.country) or one.country}
        return _("No removal to %(country)s until the measure is lifted. Preparing departure may go on.") % words
    if one.effect == Effect.NOT_STATED:
        return _("What it does to removal is not known. Ask IND before any step.")
    if one.effect == Effect.AUTO:
        return _("Removal waits until the court has ruled. Preparing departure may go on.")
    if one.effect == Effect.UNTIL_RELIEF and one.kind != RemedyKind.RELIEF:
        return _(
            "No removal while interim relief can still be asked in time and, once it was, until the ruling on it. Preparing"
            " departure may go on."
        )
    if one.effect == Effect.UNTIL_RELIEF:
        return _("Removal waits until the ruling on interim relief. Preparing departure may go on.")
    return _("This remedy does not suspend removal.")


def effect_words(kind: str, effect: str) -> str:
    """What it does by its rule. A measure of the ECtHR waits for no ruling on relief: it holds until the Court lifts it."""
    if kind == RemedyKind.ECTHR and effect == Effect.UNTIL_RELIEF:
        return _("bars removal to the named country until it is lifted")
    return str(Effect(effect).label)
