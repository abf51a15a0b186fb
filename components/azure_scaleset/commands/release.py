"""`scaleset release`: brings a new version to production on a staged stack, in the steps that one would take by hand; what fails after the switch goes back by itself."""

from typing import Annotated

import typer

from azure_scaleset.commands import interrupt, options, printing
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.question import agreed
from azure_scaleset.commands.staged import checks, plan, story
from azure_scaleset.commands.staged.guard import refuse_other_changes
from azure_scaleset.commands.staged.plan import Step, Wish
from azure_scaleset.commands.staged.run import CONVERGENCE_SECONDS, How, Release, tolerated
from azure_scaleset.commands.staged.session import Session
from azure_scaleset.commands.staged.settings import read_content
from azure_scaleset.staged_arguments import Idle, Slot

_To = Annotated[Slot | None, typer.Option("--to", help="The slot that is to serve.", show_default="the one that doesn't")]
_Set = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="What is new: written to slots.SLOT.KEY.", show_default=False)
]
_TestUrl = Annotated[
    str | None, typer.Option(metavar="URL", help="Must answer before the switch; {address}: the slot's test front end.", show_default=False)
]
_Status = Annotated[int, typer.Option(metavar="CODE", help="Status that the URL must answer with.")]
_Body = Annotated[str | None, typer.Option(metavar="TEXT", help="Text that its answer must hold.", show_default=False)]
_TestCommand = Annotated[
    str | None,
    typer.Option(metavar="COMMAND", help="Must succeed before the switch; SLOT and ADDRESS in its environment.", show_default=False),
]
_Watch = Annotated[int, typer.Option(min=0, metavar="SECONDS", help="So long the slot must stay healthy after the switch.")]
_WatchCommand = Annotated[
    str | None,
    typer.Option(
        metavar="COMMAND", help="Must succeed again and again meanwhile; SLOT and ADDRESS in its environment.", show_default=False
    ),
]
_MaxUnhealthy = Annotated[str, typer.Option(metavar="N|N%", help="So many ill instances are tolerated after the switch.")]
_Drain = Annotated[
    int | None,
    typer.Option(min=0, metavar="SECONDS", help="So long flows may stay on the old slot.", show_default="the balancer's idle timeout"),
]
_Rest = Annotated[Idle, typer.Option("--idle", help="What becomes of the old slot then.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the steps and the preview of the first update, change nothing.")]


def release(
    stack: options.OneStack,
    to: _To = None,
    settings: _Set = None,
    test_url: _TestUrl = None,
    expect_status: _Status = 200,
    expect_body: _Body = None,
    test_command: _TestCommand = None,
    watch: _Watch = 300,
    watch_command: _WatchCommand = None,
    max_unhealthy: _MaxUnhealthy = "0",
    drain: _Drain = None,
    rest: _Rest = Idle.SHRINK,
    switch_command: options.SwitchCommand = None,
    config_file: options.ConfigFile = None,
    dry_run: _DryRun = False,
    yes: options.Yes = False,
    output: options.Output = options.Format.TABLE,
) -> int:
    """Releases a new version on a staged stack: deploys the idle slot, tests it, switches, watches, drains, lets the old slot rest.

    Run it in the folder of the stack's program. What fails before the switch leaves production as it is, what fails while it is watched goes back by itself.
    The same command again goes on where it was stopped.
    """
    how = How(test_url, expect_status, expect_body, test_command, watch, watch_command, max_unhealthy, drain, rest)
    content = read_content(settings or [])
    _check(how)
    listener = interrupt.Interrupt()
    session = Session(stack, config_file, switch_command, output is options.Format.JSON, listener)
    production = session.production()
    if drain is not None and drain < production.idle_timeout:
        raise CommandError(
            f"--drain is {drain}. Expected at least the idle timeout of the balancer's rules: {production.idle_timeout} seconds."
        )
    before = session.settings
    planned = plan.make(before, production.slot, Wish(content, to, rest))
    if how.test_url and Step.TEST in planned.steps:
        checks.fill(how.test_url, planned.to, session.state.addresses.get(planned.to))
    seconds = drain or production.idle_timeout
    say = printing.complain if output is options.Format.JSON else printing.line
    serves = production.slot.value if production.slot else "no slot"
    say("\n".join([f"Stack {stack}: {serves} serves production.", *story.lines(planned, before, _ways(how, seconds, switch_command))]))
    if Step.DEPLOY in planned.steps and Step.SETTLE not in planned.steps:
        steps = session.preview(planned.deploy)
        refuse_other_changes(steps, session.state, planned.to)
        say("\n".join(["The first update would:", *(story.touched(steps) or ["     change nothing"])]))
    if dry_run:
        say("Nothing was changed.")
        return 0
    if not yes and not agreed("Release?"):
        raise CommandError(f"Nothing was changed. To release: the same command with --yes, scaleset release --yes {session.again} …")
    with listener.listening():
        return Release(session, planned, how, seconds, story.Story(stack, planned.to, output is options.Format.JSON)).run()


def _check(how: How) -> None:
    """Raises `CommandError` for words that don't go together."""
    found = []
    if how.test_url is None and (how.expect_body is not None or how.expect_status != 200):
        found.append("--expect-status or --expect-body was given without --test-url. Expected it, too.")
    if how.test_url is not None and not how.test_url.startswith(("http://", "https://")):
        found.append(f"--test-url is {how.test_url!r}. Expected a URL, as http://{{address}}/health.")
    try:
        tolerated(how.max_unhealthy, 1)
    except ValueError:
        found.append(f"--max-unhealthy is {how.max_unhealthy!r}. Expected a number of instances, as 1, or a percentage of them, as 10%.")
    if found:
        raise CommandError("\n".join(found))


def _ways(how: How, drain: int, switch_command: str | None) -> story.Ways:
    asked = [*([how.test_url] if how.test_url else []), *([f"`{how.test_command}`"] if how.test_command else [])]
    watched = f"stays healthy for {how.watch} s" + (f", `{how.watch_command}` succeeds" if how.watch_command else "")
    return story.Ways(
        test=" and ".join(["every instance healthy", *asked]),
        switch="one write to the balancer" if switch_command is None else f"`{switch_command}`",
        watch=watched,
        drain=f"its flows have {drain} s to end, from {CONVERGENCE_SECONDS} s after the switch on",
        rest=how.rest,
    )
