"""What an operator does after instances failed."""

from azure_scaleset.commands.target import Target


def next_steps(target: Target, command: str) -> list[str]:
    """What can be done after a rollout that failed."""
    steps = [f"All that they wrote: scaleset logs {target.words}"]
    if not target.stack:
        return [*steps, f"Next: mend the cause in the model, then {command}: it goes on where it stopped."]
    return [
        *steps,
        f"Next: mend the cause, then pulumi up --stack {target.stack}. Where the model is right and the instance was at fault: {command}",
        f"Or go back: scaleset rollback --stack {target.stack}",
    ]
