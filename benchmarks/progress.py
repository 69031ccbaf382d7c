"""`make bench`: what reading costs while the table of progress grows from 1,000 to 1,000,000 rows.

python -m benchmarks.progress [--rows 1000 1000000] [--rounds N]

A student's home, a report of what was read, and what a class has seen, each beside a yardstick
that does not know the table: a person fetched by their key, a hundred times. The figure is how
many times as fast as at the first size an act is at the last, the yardstick's drift taken out:
1.0 is flat.
Without DATABASE_URL: SQLite in a folder of its own; then PostgreSQL, where its programs are found.
"""

import argparse
import sys

from benchmarks.both import run_on_both


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=30)
    parser.parse_args()
    run_on_both("benchmarks.readers", sys.argv[1:])


if __name__ == "__main__":
    main()
