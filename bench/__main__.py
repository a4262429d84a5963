"""`python -m bench`: all measures in turn."""

from bench.run import main

raise SystemExit(main())
