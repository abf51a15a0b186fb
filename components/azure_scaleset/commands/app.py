"""The `scaleset` application: its commands, and how each tells what went wrong."""

import functools
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import ParamSpec

import typer
from azure.core.exceptions import AzureError, ClientAuthenticationError

from azure_scaleset.commands import printing
from azure_scaleset.commands.adopt import adopt
from azure_scaleset.commands.cancel import cancel
from azure_scaleset.commands.capture import capture
from azure_scaleset.commands.check import check
from azure_scaleset.commands.explain import explain
from azure_scaleset.commands.failure import CommandError, one_line, refusal
from azure_scaleset.commands.impact import impact
from azure_scaleset.commands.logs import logs
from azure_scaleset.commands.os_upgrade import os_upgrade
from azure_scaleset.commands.prune import prune
from azure_scaleset.commands.recover import FURTHER_WORDS, recover
from azure_scaleset.commands.release import release
from azure_scaleset.commands.rollback import rollback
from azure_scaleset.commands.rollout import rollout
from azure_scaleset.commands.status import status
from azure_scaleset.commands.swap import swap
from azure_scaleset.commands.wait import wait
from azure_scaleset.rollout.arm import ArmError

_P = ParamSpec("_P")

app = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, help="Operates scale sets in Azure."
)


def run(arguments: Sequence[str] | None) -> int:
    """Runs one command; gives the exit code."""
    try:
        app(list(sys.argv[1:] if arguments is None else arguments), prog_name="scaleset")
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def reported(command: Callable[_P, int]) -> Callable[_P, None]:
    """The command with its errors told in one line each, exit code 2."""

    @functools.wraps(command)
    def wrapped(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            code = command(*args, **kwargs)
        except CommandError as error:
            printing.complain(str(error))
            code = 2
        except ArmError as error:
            printing.complain(refusal(error))
            code = 2
        except ClientAuthenticationError as error:
            printing.complain(f"Signing in failed: {one_line(error.message)} {_sign_in()}")
            code = 2
        except AzureError as error:
            printing.complain(f"Azure doesn't answer: {one_line(error.message)}")
            code = 2
        except subprocess.CalledProcessError as error:
            printing.complain(f"`{' '.join(error.cmd[:3])}` failed: {one_line(error.stderr or '')}")
            code = 2
        raise typer.Exit(code)

    return wrapped


def _sign_in() -> str:
    if "ARM_CLIENT_ID" in os.environ and "AZURE_CLIENT_ID" not in os.environ:
        return "ARM_CLIENT_ID is for `pulumi up`. Next: export the same values as AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET."
    return "Next: az login, or set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET."


app.command("status")(reported(status))
app.command("rollout")(reported(rollout))
app.command("wait")(reported(wait))
app.command("cancel")(reported(cancel))
app.command("os-upgrade")(reported(os_upgrade))
app.command("logs")(reported(logs))
app.command("rollback")(reported(rollback))
app.command("release")(reported(release))
app.command("swap")(reported(swap))
app.command("recover", context_settings=FURTHER_WORDS)(reported(recover))
app.command("prune")(reported(prune))
app.command("adopt")(reported(adopt))
app.command("capture")(reported(capture))
app.command("check")(reported(check))
app.command("impact")(reported(impact))
app.command("explain")(reported(explain))
