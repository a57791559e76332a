"""The tables of the system of record, the same on SQLite and PostgreSQL.

The migrations make these tables; a test compares both.
"""
