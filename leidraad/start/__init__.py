"""What `run.py` does once everything is installed: private servers, the processes, tests and checks.

Not used in production: there the processes of `docs/running.md` run apart, on real servers.
"""
