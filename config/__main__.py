"""`python -m config …` is the command line `leadgate …`."""

from config.cli import main

if __name__ == "__main__":
    main()
