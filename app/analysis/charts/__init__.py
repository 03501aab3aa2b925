"""Charts drawn as SVG inside the page. Pure: rows of numbers in, Markup out; imports no Flask and no SQLAlchemy."""
