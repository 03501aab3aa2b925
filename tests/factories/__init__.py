"""Things for tests, one module a package: ``make_unit(session, ...)`` adds a row and gives it back."""
