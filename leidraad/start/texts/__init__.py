"""The texts of the product, as `make check` and the tests read them: out of the sources, without a running Django."""
