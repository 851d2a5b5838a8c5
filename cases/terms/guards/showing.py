"""What a reader may see of a judgement: nothing of a section that is closed to them, and still whether the act is held back.

The guards are asked again on what the reader may know. Where the whole judgement is graver than that, one line says that
something is there; it names no guard, and it is the same whether a fact holds the act back or is not known.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cases.terms.guards.judging import ORDER, Judged, Judgement
from cases.terms.guards.known import Part, PostponementFact, section_of
from cases.terms.models import Effect
from partners.policy import SENSITIVE

Can = Callable[[str], bool]
DECIDES = "postponement.decide"
# Guards that are about one sensitive section as a whole: closed to a reader, they are not drawn at all.
SECTIONS: Mapping[str, str] = {
    "G13": "medical",
    "G14": "medical",
    "G15": "medical",
    "G16": "risk",
    "G18": "risk",
    "G25": "custody",
    "G26": "custody",
    "G27": "custody",
}
# Grounds on which IND decides by law, and so knows of.
OF_GROUNDS = frozenset({"G13", "G16", "G18"})


@dataclass(frozen=True)
class Shown:
    """`hidden` is the gravest effect of what stays closed, where it is graver than what is drawn; else NONE."""

    judgement: Judgement
    judged: tuple[Judged, ...]
    hidden: Effect


def may_see(part: Part, can: Can) -> bool:
    section = section_of(part)
    if section not in SENSITIVE:
        return True
    return can(f"{section}.view") or (isinstance(part, PostponementFact) and can(DECIDES))


def is_drawn(code: str, can: Can) -> bool:
    section = SECTIONS.get(code)
    return section is None or can(f"{section}.view") or (code in OF_GROUNDS and can(DECIDES))


def shown_to(judgement: Judgement, can: Can) -> Shown:
    """Of a judgement of everything, what this reader may see of it."""
    known = judgement.known.only(lambda part: may_see(part, can))
    again = judgement.bench.judge(known, judgement.plan)
    drawn = tuple(one for one in again if is_drawn(one.code, can))
    effects = {one.code: one.effect for one in drawn}
    hidden = [
        one.effect
        for one in judgement.judged
        if ORDER.index(one.effect) < ORDER.index(effects.get(one.code, Effect.NONE))
    ]
    return Shown(judgement, drawn, min(hidden, key=ORDER.index, default=Effect.NONE))
