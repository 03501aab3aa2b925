"""The sampling design and what it says about spread: strata, clusters, weights, finite populations, linearisation."""
