"""`make load`: many people at work at once, on gunicorn as production runs it, over a filled database."""
