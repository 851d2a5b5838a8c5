"""The door through which rooms hear that a fact of a case changed, without importing who knows it.

Whoever records a fact publishes it in the same transaction, under the case's lock. Rooms that something depends on listen,
from their app's `ready()`: procedure asks whether an answer of IND may be overtaken; whatever else judges facts uses the same
door. A fact says what kind of thing happened and no more: a listener that may tell nobody about it looks the rest up itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.case.models import Axis, Phase, ReturnCase
from leidraad.lib.audit import By


class FactKind(models.TextChoices):
    """What may have happened; `Fact.detail` says which one where the kind has several."""

    SIGNAL_ADDED = "signal_added", _("signal added")  # detail: a SignalKind
    RESIDENCE_CHANGED = "residence_changed", _("residence changed")  # detail: the form of residence it is now
    SUSPENSION_BEGAN = "suspension_began", _("suspension began")
    SUSPENSION_ENDED = "suspension_ended", _("suspension ended")
    PROCEDURE_STATED = "procedure_stated", _("dossier states another procedure")
    IDENTITY_DISPUTED = "identity_disputed", _("identity disputed")  # detail: the field
    MEASURE_IMPOSED = (
        "measure_imposed",
        _("measure imposed"),
    )  # detail: its family, restriction or deprivation of liberty
    MEASURE_LIFTED = "measure_lifted", _("measure lifted")  # detail: its family
    IDENTITY_SETTLED = (
        "identity_settled",
        _("identity no longer disputed"),
    )  # detail: what was decided; the key is the dispute's
    ANSWER_OVERTAKEN = "answer_overtaken", _("answer of IND overtaken")
    LEGAL_FACT = "legal_fact", _("fact of law recorded")  # detail: procedure, decision, remedy, ruling, claim, ...


@dataclass(frozen=True)
class Fact:
    """`key` tells this fact from others of its kind, so that telling it twice can do no more than telling it once."""

    kind: FactKind
    detail: str = ""
    key: str = ""


@dataclass(frozen=True)
class News:
    case: ReturnCase
    fact: Fact


Listener = Callable[[Sequence[News], By], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener(news, by)` called for whatever is published, before that transaction ends. It holds the cases' locks.

    It gets all that was published together, hundreds at an import, and asks a fixed number of queries about it.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def publish(case: ReturnCase, fact: Fact, *, by: By) -> None:
    """Tell the listeners. The caller holds the case's lock and has recorded the fact."""
    publish_many([News(case, fact)], by=by)


def publish_many(news: Sequence[News], *, by: By) -> None:
    if not news:
        return
    for listener in _listeners:
        listener(news, by)


def facts_of_axis(axis: str, value: str, former: str) -> list[Fact]:
    """What a new value on an axis tells those who depend on it."""
    if value in (former, Phase.CLOSED):
        return []
    if axis == Axis.RESIDENCE:
        return [Fact(FactKind.RESIDENCE_CHANGED, value)]
    if axis == Axis.PHASE and value == Phase.SUSPENDED:
        return [Fact(FactKind.SUSPENSION_BEGAN)]
    if axis == Axis.PHASE and former == Phase.SUSPENDED:
        return [Fact(FactKind.SUSPENSION_ENDED)]
    return []
