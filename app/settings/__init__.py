"""What an installation says of itself and may change without a shell; may import the record of acts and the base."""
