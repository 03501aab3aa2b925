"""Replicate weights (jackknife, balanced half samples, bootstrap): needs raw rows of answers, never sums of cells."""
