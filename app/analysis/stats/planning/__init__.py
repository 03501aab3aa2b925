"""Planning a survey before anybody is asked: sizes, allocation, clusters, power, widths."""
