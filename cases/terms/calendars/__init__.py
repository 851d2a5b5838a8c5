"""Three ways to count a term: `statutory`, `detention` and `regulation`. Pure functions: no database, no clock, no language.

Each returns the day on which the term ends *and* the lines of its own explanation. Where the sources allow two readings the
result holds both, and says which is best for the person and which is the earliest.
"""
