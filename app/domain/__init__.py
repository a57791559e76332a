"""The catalogue's meaning, in pure Python: no request, no clock, no database, no engine."""
