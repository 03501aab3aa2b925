"""What an officer typed into a form whose session had ended, until it is sent after signing in. Part of accounts."""
