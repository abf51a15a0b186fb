"""The `scaleset` command: what an operator does beside `pulumi up`."""

import argparse
import os
import sys
from collections.abc import Sequence

from azure_scaleset.recovery import recover


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; gives the exit code."""
    parser = argparse.ArgumentParser(prog="scaleset", description="Operates scale sets that Pulumi deploys.")
    commands = parser.add_subparsers(dest="command", required=True)
    after_kill = commands.add_parser("recover", help="after a killed `pulumi up`: lifts the lock and takes what was begun into the state")
    after_kill.add_argument("-s", "--stack", required=True, help="the stack's name")
    after_kill.add_argument("-y", "--yes", action="store_true", help="don't ask: no update of this stack is running")
    chosen, words = parser.parse_known_args(arguments)
    subscription = os.environ.get("ARM_SUBSCRIPTION_ID")
    if not subscription:
        print(
            "ARM_SUBSCRIPTION_ID is not set. Expected the subscription that `pulumi up` deployed to: export ARM_SUBSCRIPTION_ID=…",
            file=sys.stderr,
        )
        return 2
    question = f"This ends any update of {chosen.stack} that is running now, a colleague's too. Go on? [y/N] "
    if not chosen.yes and (not sys.stdin.isatty() or input(question).strip().lower() != "y"):
        print("Nothing was done. When no update is running: scaleset recover --yes --stack " + chosen.stack, file=sys.stderr)
        return 2
    return recover(chosen.stack, subscription, words)


if __name__ == "__main__":
    sys.exit(main())
