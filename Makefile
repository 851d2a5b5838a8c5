.PHONY: run test check bench load
run:
	@python3 run.py
test:
	@python3 run.py test
check:
	@python3 run.py check
bench:
	@python3 run.py bench
load:
	@python3 run.py load
