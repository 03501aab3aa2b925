"""Which unit and which officer handle a case: routes, assignment, passing on to another unit and back."""
