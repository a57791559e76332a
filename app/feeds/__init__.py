"""Files of the data·inclusion v1 form, read and written as streams."""
