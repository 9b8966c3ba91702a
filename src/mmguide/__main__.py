"""Entry point of `python -m mmguide`."""

from mmguide.cli import main

if __name__ == "__main__":
    main()
