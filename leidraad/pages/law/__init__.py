"""Decisions on the pages of a case: procedures, decisions, remedies, claims and postponements, and the acts on them."""
