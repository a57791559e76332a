"""Pages and API: HTTP in, use cases, HTML or JSON out."""
