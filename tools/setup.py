"""Everything that a fresh machine needs, once; a second run only looks: `python3 -m tools.setup`."""

import sys

from tools import pulumi_engine, stand_in_plugin, virtual_environment
from tools.errors import SetupError


def main() -> None:
    """Virtual environment, engine, stand-in plugin. Ends with exit code 1 and what to do when one of them can't be had."""
    try:
        virtual_environment.ensure()
        engine = pulumi_engine.ensure()
        plugin = stand_in_plugin.ensure()
    except SetupError as error:
        sys.exit(str(error))
    print(f"Set up: engine in {engine}, stand-in for azure-native {plugin}.")


if __name__ == "__main__":
    main()
