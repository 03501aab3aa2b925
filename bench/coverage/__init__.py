"""`make coverage-study`: how often our intervals hold the true share, measured with the functions the product uses."""
