"""`make bench`: every measurement in a row, each in a process of its own, with the limits it has to reach."""

import subprocess
import sys
import time

PARTS = (
    ("First view and details page in a real browser", "bench.pages", ()),
    ("Start to first page", "bench.start", ()),
    ("Complete flows: CPU, throughput, latency, memory under load", "bench.flow", ()),
    ("Bytes per response, index cold and warm, 100,000 responses", "bench.storage", ("100000",)),
    ("Bytes per response, index cold and warm, 1,000,000 responses", "bench.storage", ("1000000",)),
    ("Three photographs of 12 megapixels: request, job, memory", "bench.photos", ()),
    ("A whole intake with those photographs through the door: pages, post, job, memory", "bench.intake", ()),
    ("A year of 10,000 cases: none lost, due dates, lists; inbox and case page", "bench.year_of_cases", ("10000",)),
    ("Casework at 10,000 cases: pages, search, dashboard, files, jobs", "bench.casework", ("10000",)),
    ("Exports of 100,000 responses × 30 columns", "bench.exports", ()),
)


def main() -> int:
    """Run the parts named on the command line (by module), or all."""
    wanted = set(sys.argv[1:])
    failed = 0
    for title, module, arguments in PARTS:
        if wanted and module not in wanted and module.removeprefix("bench.") not in wanted:
            continue
        print(f"\n== {title} ({module})", flush=True)
        started = time.perf_counter()
        failed += subprocess.run([sys.executable, "-m", module, *arguments], check=False).returncode != 0
        print(f"   ({time.perf_counter() - started:.0f} s)", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
