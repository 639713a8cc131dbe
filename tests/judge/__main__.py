"""Judge the judging: `python -m tests.judge`."""

import sys

from tests.judge.report import main

if __name__ == "__main__":
    sys.exit(main())
