"""What officers do with a case: list, page, acts."""
