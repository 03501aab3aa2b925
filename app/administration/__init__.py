"""Pages of administration that join several subjects, such as the settings and who changed them."""
