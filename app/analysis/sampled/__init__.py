"""Results of sampled rounds: from imported answers to stored sums, figures, ranks and comparisons, and their pages."""
