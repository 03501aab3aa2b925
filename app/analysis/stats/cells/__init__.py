"""Sums of a sampled survey per stratum, sampling unit and domain: exact, additive, enough for estimates with errors."""
