"""`python -m imperio` is the `imperio` command."""

import sys

from .cli import main

sys.exit(main())
