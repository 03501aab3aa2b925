"""Weights: from the design, for non-response, to known totals, trimmed; with the residuals their variance needs."""
