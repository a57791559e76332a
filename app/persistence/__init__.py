"""The system of record: SQL tables, what they mean in the domain, and one commit per use case."""
