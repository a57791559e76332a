"""Messages sent by e-mail, and the reports of those that came back."""
