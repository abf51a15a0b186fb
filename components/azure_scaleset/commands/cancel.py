"""`scaleset cancel`: stops Azure's rolling upgrade."""

from azure_scaleset.commands import options, printing
from azure_scaleset.commands.connection import connect
from azure_scaleset.rollout.scale_set import LiveScaleSet, RollingUpgrade


def cancel(
    scale_set: options.ScaleSet = None,
    resource_id: options.Id = None,
    stack: options.Stack = None,
    group: options.Group = None,
    name: options.Name = None,
    output: options.Output = options.Format.TABLE,
) -> int:
    """Stops the rolling upgrade that Azure is doing. A rollout of this command is stopped by Ctrl-C where it runs."""
    target = options.target(scale_set, resource_id, stack, group, name)
    live = connect(target)
    before = live.rolling_upgrade()
    error = stop(live) if before is not None and before.running else None
    after = live.rolling_upgrade()
    if output is options.Format.JSON:
        printing.document({"scaleSet": live.id, "error": error, "rollingUpgrade": document(after)})
    elif before is None or not before.running:
        printing.line(f"No rolling upgrade of Azure is running{f': the last one is {before.code}' if before else ''}. Nothing was done.")
    elif error or after is None:
        printing.line(f"The rolling upgrade was not stopped: {error}. Next: scaleset status {target.words}")
    else:
        printing.line(f"{after.code}: {after.successful} instances done, {after.pending} to go. To go on: scaleset rollout {target.words}")
    return 1 if error else 0


def stop(live: LiveScaleSet) -> str | None:
    """Stops the rolling upgrade and waits till Azure has done it; gives Azure's error, or None."""
    address = live.cancel_rolling_upgrade()
    while address:
        operation = live.operation(address)
        if operation.over:
            return operation.error
        live.arm.pause()
    return None


def document(upgrade: RollingUpgrade | None) -> dict[str, object] | None:
    """A rolling upgrade for `--output json`."""
    if upgrade is None:
        return None
    return {
        "code": upgrade.code,
        "startTime": upgrade.started.isoformat() if upgrade.started else None,
        "successful": upgrade.successful,
        "failed": upgrade.failed,
        "pending": upgrade.pending,
        "error": upgrade.error,
    }
