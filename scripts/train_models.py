"""Trains the forecasts: the same as `tradewind forecast train`, with the same options.

python scripts/train_models.py --all-products --horizon 90
python scripts/train_models.py --product SKU-12345 --model glm
"""

from __future__ import annotations

import sys

from tradewind.cli.main import main

if __name__ == "__main__":
    sys.argv[1:1] = ["forecast", "train"]
    main()
