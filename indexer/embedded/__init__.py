"""The default engine: one SQLite file and NumPy columns in each worker, nothing to install."""
