"""What comes in and goes out, checked: JSON, CSV and forms on one side, the domain on the other."""
