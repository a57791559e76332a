"""The benchmarks of `make bench`: a generated catalogue, then figures against the thresholds.

Nothing here is imported by the application, and nothing here fails because a figure is bad.
"""
