"""``python -m bench [NAME ...]``: run the benchmarks and print their figures."""

import sys

from . import chain
from .figures import machine

BENCHMARKS = {"chain": chain.run}


def main() -> int:
    """Run what was named, or all; exit code 1 when a stated limit was missed."""
    names = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown or "--help" in names:
        print(f"usage: python -m bench [{'|'.join(BENCHMARKS)}] ...")
        return 2
    print(machine())
    results = [BENCHMARKS[name]() for name in names]  # all are run, whatever the first says
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
