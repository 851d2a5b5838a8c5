"""How somebody becomes the member of a request: password, second factor, organisation sign-in, session, lock."""
