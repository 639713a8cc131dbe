"""`python -m tests.corpus`: measure the product against the corpus."""

from __future__ import annotations

import sys

from tests.corpus.measure import main

sys.exit(main())
