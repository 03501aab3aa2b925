"""Files for Home Affairs and unit officers. Imports analysis and everything below it."""
