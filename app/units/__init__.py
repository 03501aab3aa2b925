"""Units, counters and procedures, all dated. Imports audit, files and the base."""
