"""What proves who an officer is besides the password: second factor, invitations, single sign-on. Part of accounts."""
