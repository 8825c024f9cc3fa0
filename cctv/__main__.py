"""The command line: ``python -m cctv``."""

import sys

from cctv.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
