"""Files of dossiers bring facts that overtake answers."""

from tests.handover.conftest import on_the_day

__all__ = ["on_the_day"]
