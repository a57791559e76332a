"""Why no node can be started on this machine."""


class NodeUnavailable(Exception):
    """Something that a node needs is missing; the message is French and says what to do."""
