"""Reading and judging an intake file, without touching the database. The importer stands on this.

`reading.open_intake` refuses a file as a whole or gives its rows, as often as asked. The importer first puts the keys
of all rows (`keys.keys_of`) into a staging table and asks that for clashing V-numbers, then judges each row
(`judging.judge_row`), fills in its checklist (`checklist.checklist_of`) and tells the outcome (`report`).
"""
