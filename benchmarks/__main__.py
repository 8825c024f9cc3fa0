"""Run all benchmarks: ``python -m benchmarks``."""

from benchmarks import siting, viewshed

if __name__ == "__main__":
    viewshed.main()
    siting.main()
