"""What runs in the confined process that makes files anew: the standard library, Pillow and pypdf, nothing else."""
