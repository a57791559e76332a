"""The reference data and the shipped catalogue: files, and the functions that read them."""
