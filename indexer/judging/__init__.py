"""The eligibility of a whole catalogue, judged for one person for both engines."""
