"""Run all benchmarks: ``python -m benchmarks``."""

from benchmarks import viewshed

if __name__ == "__main__":
    viewshed.main()
