"""What a question to IND is, and which later facts put which answers in doubt."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

from cases.case.facts import Fact, FactKind
from cases.case.models import Removability, SignalKind

REMOVABILITY_CHECK = "removability_check"
# Kinds of request that stand in the queue of questions.
QUESTIONS = (REMOVABILITY_CHECK,)

WARN_DAYS = 7  # before an answer expires the responsible unit is asked to ask again
OVERTAKEN_TASK_DAYS = 2  # working days

REMOVABLE = frozenset({Removability.REMOVABLE})
OBSTACLES = frozenset({Removability.BARRED, Removability.LAWFUL_STAY})
NOT_HELD_BACK = frozenset({Removability.REMOVABLE, Removability.NOT_YET})
ANY = frozenset({Removability.REMOVABLE, Removability.NOT_YET, *OBSTACLES})

# Kind and detail of a fact ("" for whatever detail) and the answers that it may have overtaken. A fact that can only confirm
# an answer is not here: a sick person who is barred already, a move from one reception site to another.
OVERTAKES: Mapping[tuple[FactKind, str], frozenset[Removability]] = {
    (FactKind.SIGNAL_ADDED, SignalKind.MEDICAL): REMOVABLE,  # art. 64
    (FactKind.SIGNAL_ADDED, SignalKind.PREGNANT): REMOVABLE,  # art. 64
    (FactKind.SIGNAL_ADDED, SignalKind.TRAFFICKING): NOT_HELD_BACK,  # reflection period, Vw 8(k)
    (FactKind.RESIDENCE_CHANGED, "pi"): REMOVABLE,  # a sentence or prosecution, Vc A3/6.3
    (FactKind.SUSPENSION_BEGAN, ""): NOT_HELD_BACK,
    (FactKind.SUSPENSION_ENDED, ""): OBSTACLES,
    (FactKind.PROCEDURE_STATED, ""): ANY,
    (FactKind.LEGAL_FACT, ""): ANY,
    (FactKind.LEGAL_FACT, "postponement.medical"): REMOVABLE,
    (FactKind.LEGAL_FACT, "postponement.risk"): NOT_HELD_BACK,
    (FactKind.IDENTITY_DISPUTED, "nationality"): REMOVABLE,  # the country of return may be another one
}

NEW_PERSON_FACT = gettext_noop("A new fact about the person was recorded.")
# What is told to whoever reads the answer. It names no signal: who may know of it reads it in its own place, and for all
# others it is the same sentence as for a difference in identity.
WORDS: Mapping[FactKind, str] = {
    FactKind.SIGNAL_ADDED: NEW_PERSON_FACT,
    FactKind.IDENTITY_DISPUTED: NEW_PERSON_FACT,
    FactKind.RESIDENCE_CHANGED: gettext_noop("The residence of the person changed."),
    FactKind.SUSPENSION_BEGAN: gettext_noop("The return was suspended."),
    FactKind.SUSPENSION_ENDED: gettext_noop("The suspension of the return ended."),
    FactKind.LEGAL_FACT: gettext_noop("A fact about procedures, decisions or grounds for postponement was recorded."),
    FactKind.PROCEDURE_STATED: gettext_noop("The sender of the dossier states other facts about the procedure."),
}


def overtaken_values(fact: Fact) -> frozenset[Removability]:
    """The values that this fact puts in doubt; none for most facts."""
    return OVERTAKES.get((fact.kind, fact.detail)) or OVERTAKES.get((fact.kind, "")) or frozenset()
