"""The proof that the record is whole: hash chain, signed heads, Merkle roots, and their check."""
