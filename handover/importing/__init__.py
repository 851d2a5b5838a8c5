"""From a file of dossiers to persons, cases and offered handovers. Stands on `handover.intake`, which only reads and judges.

`store.receive` keeps the file; `runner.run` reads it in, in batches that each are one transaction; `held` is what a person may do
with a row that the import put aside.
"""
