"""`make bench`: answers saved and attempts made, as ratios to bare writes of the same rows.

python -m benchmarks.saves [--seconds N] [--students 8 32] [--attempts 1000 50000]

Threads are students; each saves ten answers at once, again and again. The yardstick writes the
same columns of the same rows by Django's bulk_update in one transaction, and knows nothing of
locks, deadlines or types. Product and yardstick take turns in one run. An attempt is started,
saved and submitted; its yardstick inserts and updates the same number of rows. Last, the same save
is measured with more and more attempts in the table.
Without DATABASE_URL: SQLite in a folder of its own; then PostgreSQL, where its programs are found.
"""

import argparse
import sys

from benchmarks.both import run_on_both


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--students", type=int, nargs="+", default=[8, 32])
    parser.add_argument("--attempts", type=int, nargs="+", default=[1_000, 50_000])
    parser.parse_args()
    run_on_both("benchmarks.students", sys.argv[1:])


if __name__ == "__main__":
    main()
