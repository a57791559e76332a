"""The pages of those who keep listings: partners, coordinators, mailboxes of structures."""
