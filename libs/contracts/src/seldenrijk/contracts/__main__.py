"""``python -m seldenrijk.contracts``: see :mod:`seldenrijk.contracts.cli`."""

import sys


def main() -> None:
    """Run the command line; the libraries that only it needs are an extra of this package."""
    try:
        from .cli import app  # noqa: PLC0415  (to answer in one line where the extra is missing)
    except ModuleNotFoundError as error:
        if error.name not in {"typer", "yaml"}:
            raise
        sys.exit(f"{error.name} is missing: install seldenrijk-contracts[tools]")
    app(prog_name="python -m seldenrijk.contracts")


if __name__ == "__main__":
    main()
