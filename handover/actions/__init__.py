"""What may happen to a handover. One verb, one function: case lock, right, state, save with actor and reason, grants, notices.

Every function takes the case row's lock first; bulk ones take the locks in id order. `version=` is the version the page was
drawn from: an older one raises `Stale`. A step the state table does not know raises `NotPossible`, which says what happened
instead.
"""

from handover.actions.accepting import accept_handover
from handover.actions.answering import answer_query, mark_opened, query, return_handover, withdraw
from handover.actions.common import NewItem, NewOffer, Revision
from handover.actions.offering import draft_handover, offer, offer_again, offer_many, revise_many
from handover.actions.overdue import climb, expire, overdue_handovers

__all__ = [
    "NewItem",
    "NewOffer",
    "Revision",
    "accept_handover",
    "answer_query",
    "climb",
    "draft_handover",
    "expire",
    "mark_opened",
    "offer",
    "offer_again",
    "offer_many",
    "overdue_handovers",
    "query",
    "return_handover",
    "revise_many",
    "withdraw",
]
