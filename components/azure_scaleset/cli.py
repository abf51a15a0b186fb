"""The `scaleset` command: what an operator does beside `pulumi up`."""

import sys
from collections.abc import Sequence

_EXTRA = ("typer", "rich", "azure.identity")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; gives the exit code."""
    try:
        from azure_scaleset.commands.app import run
    except ModuleNotFoundError as error:
        missing = next((each for each in _EXTRA if f"{error.name}.".startswith(f"{each}.")), None)
        if missing is None:
            raise
        print(f"The command scaleset needs {missing}, which is not installed. Next: pip install 'azure-scaleset[cli]'", file=sys.stderr)
        return 2
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
