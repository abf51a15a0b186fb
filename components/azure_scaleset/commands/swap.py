"""`scaleset swap`: makes the other slot of a staged stack the one that serves production, by one line of configuration and one write to the balancer."""

from collections.abc import Callable
from typing import Annotated

import typer

from azure_scaleset.commands import interrupt, options, printing
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.question import agreed
from azure_scaleset.commands.staged import story
from azure_scaleset.commands.staged.guard import left_to_follow, refuse_all_but_the_switch
from azure_scaleset.commands.staged.session import Session
from azure_scaleset.rollout.pace import Cancelled
from azure_scaleset.staged_arguments import Idle, Slot

_To = Annotated[Slot | None, typer.Option("--to", help="The slot that is to serve.", show_default="the one that doesn't")]


def swap(
    stack: options.OneStack,
    to: _To = None,
    switch_command: options.SwitchCommand = None,
    config_file: options.ConfigFile = None,
    yes: options.Yes = False,
    output: options.Output = options.Format.TABLE,
) -> int:
    """Makes the other slot of a staged stack the active one: one line of the stack file, one write to the balancer. Again, it goes back.

    Run it in the folder of the stack's program. It is refused while the other slot isn't ready. With --to it can be run again after it was killed.
    """
    listener = interrupt.Interrupt()
    quiet = output is options.Format.JSON
    session = Session(stack, config_file, switch_command, quiet, listener)
    settings, live = session.settings, session.production().slot
    # What was decided and not carried out (the command was killed) is carried out first.
    pending = live not in (None, settings.active)
    target = to or (settings.active if pending else settings.active.other)
    if not pending and to is None and session.state.unfinished:
        raise CommandError(
            f"An update of stack {stack} was killed or is running, so which slot is meant isn't sure. Expected --to: {settings.active.value} serves production now."
        )
    if live is target and settings.active is target:
        # A run that was killed after the switch may have left this. Nothing but the switch was asked for, so nothing else that may have been edited meanwhile is deployed.
        if session.state.autoscaled and left_to_follow(session.preview([]), session.state):
            return _stoppable(_follow, session, target, quiet, listener)
        return _end(session, target, target, None, quiet)
    if settings.idle is not Idle.KEEP:
        raise CommandError(
            f"{target.value} is not kept ({settings.prefix}idle: {settings.idle.value}), so it can't take over. Next: scaleset release --to {target.value} "
            f"{session.again}, which grows it, tests it and switches; or {settings.prefix}idle: keep, pulumi up, and this command again."
        )
    changes = settings.changes(active=target)
    steps = session.preview(changes)
    refuse_all_but_the_switch(steps, session.state)
    say = printing.complain if quiet else printing.line
    then = [f"Then: `{switch_command}`"] if switch_command else []
    head = f"Stack {stack}: {live.value if live else 'no slot'} serves production. {'; '.join(map(str, changes)) or f'{settings.prefix}active: {target.value}'}"
    say("\n".join([head, "The update would:", *(story.touched(steps) or ["     change nothing"]), *then]))
    if not yes and not agreed(f"Switch to {target.value}?"):
        raise CommandError(f"Nothing was changed. To switch: scaleset swap --yes --to {target.value} {session.again}")
    return _stoppable(_switch, session, target, quiet, listener)


def _stoppable(
    step: Callable[[Session, Slot, bool], int], session: Session, target: Slot, quiet: bool, listener: interrupt.Interrupt
) -> int:
    with listener.listening():
        try:
            return step(session, target, quiet)
        except Cancelled:
            printing.complain(f"Stopped. To go on: scaleset swap --to {target.value} {session.again}")
            return interrupt.EXIT_CODE


def _switch(session: Session, target: Slot, quiet: bool) -> int:
    if not session.switch(f"scaleset swap: {target.value} serves production", target):
        return _end(session, target, session.production().slot, "the switch was refused or failed: see above.", quiet)
    return _follow(session, target, quiet)


def _follow(session: Session, target: Slot, quiet: bool) -> int:
    followed = session.follow("scaleset swap: autoscale follows")
    return _end(session, target, target, None if followed else "the update that lets autoscale follow failed: see above.", quiet)


def _end(session: Session, target: Slot, active: Slot | None, reason: str | None, quiet: bool) -> int:
    if quiet:
        slot = active.value if active else None
        printing.document({"stack": session.stack, "to": target.value, "active": slot, "done": reason is None, "reason": reason})
    elif reason is None:
        printing.line(f"{target.value} serves production. To go back: scaleset swap {session.again}")
    else:
        printing.line(
            f"{reason} {active.value if active else 'No slot'} serves production. Next: mend what is said there, and scaleset swap --to {target.value} {session.again}"
        )
    return 0 if reason is None else 1
