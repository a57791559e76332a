"""The `flask` commands: what an operator does from a terminal."""
