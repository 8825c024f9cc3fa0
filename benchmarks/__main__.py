"""Run all benchmarks: ``python -m benchmarks``."""

from benchmarks import editing, large_register, live, shares, siting, viewshed, viewshed_exactness

if __name__ == "__main__":
    viewshed.main()
    viewshed_exactness.main()
    shares.main()
    siting.main()
    live.main()
    editing.main()
    large_register.main()
