"""Use cases: one function or small class each; what they need from outside comes as arguments."""
