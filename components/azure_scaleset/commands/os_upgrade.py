"""`scaleset os-upgrade`: Azure brings all instances to the newest version of the model's image."""

import functools
from collections.abc import Callable
from typing import Annotated

import typer

from azure_scaleset.commands import interrupt, options, os_history, printing
from azure_scaleset.commands.cancel import document
from azure_scaleset.commands.connection import connect
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.progress_bar import progress_bar
from azure_scaleset.commands.question import agreed
from azure_scaleset.rollout.pace import Cancelled
from azure_scaleset.rollout.progress import Progress
from azure_scaleset.rollout.scale_set import LiveScaleSet, RollingUpgrade

_History = Annotated[bool, typer.Option("--history", help="Show the upgrades that there were, start none.")]


def os_upgrade(
    scale_set: options.ScaleSet = None,
    resource_id: options.Id = None,
    stack: options.Stack = None,
    group: options.Group = None,
    name: options.Name = None,
    history: _History = False,
    yes: options.Yes = False,
    output: options.Output = options.Format.TABLE,
) -> int:
    """Starts Azure's rolling upgrade to the newest version of the image, and watches it. Each instance gets a new OS disk.

    --history shows how those before ended, also those that Azure began by itself.
    """
    target = options.target(scale_set, resource_id, stack, group, name)
    listener = interrupt.Interrupt()
    live = connect(target, functools.partial(interrupt.InterruptibleArm, listener))
    if history:
        return _show_history(live, output)
    count = int((live.model().get("sku") or {}).get("capacity") or 0)
    question = f"Each of the {count} instances of {live.name} that has an older image gets a new OS disk, batch by batch; what is on the old one is lost. Go on?"
    if not yes and not agreed(question):
        raise CommandError(f"Nothing was done. To start it: scaleset os-upgrade --yes {target.words}")
    with listener.listening():
        try:
            with progress_bar() as report:
                upgrade, error = start_and_watch(live, report)
        except Cancelled:
            printing.complain(f"Stopped watching; the upgrade goes on in Azure. To stop it: scaleset cancel {target.words}")
            return interrupt.EXIT_CODE
    if output is options.Format.JSON:
        printing.document({"scaleSet": live.id, "error": error, "rollingUpgrade": document(upgrade)})
    else:
        printing.line(conclusion(upgrade, error, target.words))
    return exit_code(upgrade, error)


def _show_history(live: LiveScaleSet, output: options.Format) -> int:
    found = os_history.records(live)
    if output is options.Format.JSON:
        printing.document({"scaleSet": live.id, "upgrades": found})
    elif found:
        printing.table(os_history.table(found))
    else:
        printing.line("Azure has upgraded the image of this scale set never, or too long ago to know it.")
    return 0


def start_and_watch(live: LiveScaleSet, report: Callable[[Progress], None]) -> tuple[RollingUpgrade | None, str | None]:
    """Starts the upgrade and waits for its end; gives its record, None when Azure found nothing to do, and Azure's error."""
    before = live.rolling_upgrade()
    address = live.arm.post(f"{live.id}/osRollingUpgrade")
    while True:
        operation = live.operation(address) if address else None
        upgrade = live.rolling_upgrade()
        # The record of an earlier upgrade is shown till the new one begins.
        ours = upgrade if before is None or upgrade is None or upgrade.started != before.started else None
        if ours is not None and not ours.running:
            return ours, ours.error
        if ours is None and (operation is None or operation.over):
            return None, operation.error if operation else None
        if ours is not None:
            total = ours.successful + ours.failed + ours.pending
            report(Progress(ours.successful, total, f"Azure's rolling upgrade: {ours.pending} to go, {ours.failed} failed"))
        live.arm.pause()


def exit_code(upgrade: RollingUpgrade | None, error: str | None) -> int:
    """0 when the upgrade completed or there was nothing to do, else 1."""
    return 1 if error or (upgrade is not None and upgrade.code != "Completed") else 0


def conclusion(upgrade: RollingUpgrade | None, error: str | None, words: str) -> str:
    """What came of it, and the next command. *words*: the options that name the scale set."""
    if upgrade is None:
        refused = f"Azure did not start it: {(error or '').rstrip('.')}. Next: scaleset status {words}"
        return refused if error else "Nothing to do: Azure started no upgrade."
    line = f"{upgrade.code}: {upgrade.successful} instances done, {upgrade.failed} failed, {upgrade.pending} to go."
    return line if exit_code(upgrade, error) == 0 else f"{line} {error or ''} Next: scaleset logs {words}".replace("  ", " ")
