"""``make demo``: see ``app/simulation/demo.py``."""

import sys

from app.simulation.demo import main

if __name__ == "__main__":
    sys.exit(main())
