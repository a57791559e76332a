"""Street addresses, asked of an outside service; the domain finds communes and zones offline."""
