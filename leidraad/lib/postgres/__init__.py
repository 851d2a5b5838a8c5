"""Django's PostgreSQL backend, which in addition tells the database at the start of each transaction for whom it is."""
