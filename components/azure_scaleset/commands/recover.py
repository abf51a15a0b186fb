"""`scaleset recover`: the way back after a killed `pulumi up`."""

import os

import typer

from azure_scaleset import recovery
from azure_scaleset.commands import options
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.question import agreed

FURTHER_WORDS = {"allow_extra_args": True, "ignore_unknown_options": True}
"""Settings of the command: what it doesn't know goes to `pulumi refresh`."""


def recover(context: typer.Context, stack: options.OneStack, yes: options.Yes = False) -> int:
    """After a killed `pulumi up`: lifts the lock and takes what was begun into the state. Further words go to `pulumi refresh`."""
    subscription = os.environ.get("ARM_SUBSCRIPTION_ID")
    if not subscription:
        raise CommandError(
            "ARM_SUBSCRIPTION_ID is not set. Expected the subscription that `pulumi up` deployed to: export ARM_SUBSCRIPTION_ID=…"
        )
    question = f"This ends any update of {stack} that is running now, a colleague's too. Go on?"
    if not yes and not agreed(question):
        raise CommandError(f"Nothing was done. When no update is running: scaleset recover --yes --stack {stack}")
    return recovery.recover(stack, subscription, context.args)
