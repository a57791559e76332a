"""What comes in and goes out, checked: JSON, CSV and forms on one side, domain objects on the other."""
