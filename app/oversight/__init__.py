"""Pages of the auditor over the record of acts. Imports everything below; nothing imports it but the composition."""
