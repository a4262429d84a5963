"""`python -m tradewind`, the same as the command `tradewind`."""

from tradewind.cli.main import main

if __name__ == "__main__":
    main()
