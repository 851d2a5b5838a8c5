"""What was said in so many words, as facts for the guards. One query."""

from collections import defaultdict
from collections.abc import Collection

from cases.terms.guards.known import Part, StatementFact, Topic
from cases.terms.guards.registry import tell_facts
from cases.terms.models import GuardStatement


def register() -> None:
    tell_facts("statements", tell)


def tell(cases: Collection[int]) -> dict[int, list[Part]]:
    """In the order of their own days; of one day the last recorded counts."""
    told: dict[int, list[Part]] = defaultdict(list)
    for row in GuardStatement.objects.standing().filter(case__in=cases).order_by("on", "pk"):
        told[row.case_id].append(
            StatementFact(
                source=row.source,
                on=row.on,
                topic=Topic(row.topic),
                value=row.value,
                until=row.until,
                country=row.country,
                day=row.subject_day,
            )
        )
    return told
