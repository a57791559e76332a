"""Proofs of who somebody is, which libraries check: passwords, a provider of identities."""
