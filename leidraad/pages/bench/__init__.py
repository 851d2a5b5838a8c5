"""`manage.py bench`: fills a database of its own with many cases, measures the work of a day in it, and judges the targets."""
