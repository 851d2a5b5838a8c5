"""One page of the whole history of a case."""

from dataclasses import dataclass
from datetime import datetime

from cases.case.access import Access
from cases.case.history import Can, FieldChange, changed_fields, changes_of, steps_of_case
from cases.case.models import ReturnCase
from partners.policy import all_rules

PAGE_SIZE = 50


def on_the_case(access: Access) -> Can:
    """The viewer's rights on the case page. A section that the policy does not know sets a field apart on a page of the
    record's own; on the case the field is as open as the rest of its record."""
    known = {rule.section for rule in all_rules()}

    def can(capability: str) -> bool:
        return capability.partition(".")[0] not in known or access.can(capability)

    return can


@dataclass(frozen=True)
class HistoryPage:
    changes: list[FieldChange]
    older: datetime | None


def case_history(
    case: ReturnCase, access: Access, *, kind: str = "", name: str = "", before: datetime | None = None
) -> HistoryPage:
    """One page of the whole case's history. `kind` is a source key, `name` a field; `older` starts the next page."""
    member, can = access.member, on_the_case(access)
    steps = steps_of_case(case, member, can, only={kind} if kind else (), before=before)
    if name:
        steps = [step for step in steps if any(one.name == name for one in changed_fields(step))]
    steps = [step for step in steps if changed_fields(step)]
    page = steps[:PAGE_SIZE]
    while len(page) < len(steps) and steps[len(page)].when == page[-1].when:
        page.append(steps[len(page)])  # what was saved together stays together, and a page starts between two moments
    changes = changes_of(page, member, can, sees_persons=access.leads)
    if name:
        changes = [change for change in changes if change.name == name]
    return HistoryPage(changes, page[-1].when if len(page) < len(steps) else None)
