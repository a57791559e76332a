"""The two questionnaires and their solutions: one form, nothing kept, nothing in an address."""
