"""The commands of the offline Azure: `python -m offline`."""

import argparse
import json
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from offline import workspace

_API_VERSION = "2025-04-01"
"""What `show` asks for when the id brings no `?api-version=`."""

_HELP = """\
An Azure on this machine, and commands wired to it. Run them in the project's folder.

  run      any command, wired to the offline Azure; its exit code is passed on
             venv/bin/python -m offline run -- pulumi preview --stack linux-cloud-init
  list     the id of every resource and the URL of every blob, one a line
             venv/bin/python -m offline list
  show     one resource as ARM JSON; also what is below it, such as the instances of a scale set
             venv/bin/python -m offline show <scale set id>/virtualMachines
  reach    whom a new request on a load balancer's front end reaches: now, at a time, or at each change (--log), then with the flows that stay
             venv/bin/python -m offline reach <load balancer id>/frontendIPConfigurations/<name> --log
  publish  a newer version of a platform image: `latest` means it from now on
             venv/bin/python -m offline publish Canonical:ubuntu-24_04-lts:server:24.04.202511010
  fault    faults on order (docs/offline-azure.md): list, add, clear
             venv/bin/python -m offline fault add extensionFails instances='["3"]' exitCode=7
             venv/bin/python -m offline fault clear
  evict    a spot instance, by its id; Azure's own call for it
             venv/bin/python -m offline evict <scale set id>/virtualMachines/0
  approve  the scheduled event of an instance that is to be deleted or evicted, as the application on it would
             venv/bin/python -m offline approve <scale set id>/virtualMachines/0
  reset    empties the Azure and the private Pulumi backend
             venv/bin/python -m offline reset
  serve    the Azure over https, for az, Azure's SDKs and other tools
             venv/bin/python -m offline serve --port 8443
  env      the variables that point such tools at a running `serve`
             eval "$(venv/bin/python -m offline env)"

Everything is kept in one folder: $OFFLINE_HOME, or .offline/ of the project.
"""


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m offline", usage=_HELP, add_help=True)
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("run").add_argument("words", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    commands.add_parser("list")
    commands.add_parser("show").add_argument("id")
    reach = commands.add_parser("reach")
    reach.add_argument("frontend", metavar="FRONTEND_ID")
    reach.add_argument("--port", type=int, help="of one rule only")
    reach.add_argument("--at", metavar="TIME", help="ISO 8601, as 2026-01-01T00:05:00+00:00")
    reach.add_argument("--log", action="store_true", help="each change, and the flows that stay")
    commands.add_parser("publish").add_argument("urn", metavar="PUBLISHER:OFFER:SKU:VERSION")
    order = commands.add_parser("fault")
    order.add_argument("deed", choices=("list", "add", "clear"))
    order.add_argument("words", nargs="*", metavar="KIND FIELD=VALUE… | ID")
    commands.add_parser("evict").add_argument("id")
    commands.add_parser("approve").add_argument("id")
    commands.add_parser("reset")
    commands.add_parser("serve").add_argument("--port", type=int, default=8443)
    commands.add_parser("env")
    chosen = parser.parse_args(arguments)
    home = workspace.default_home()
    match chosen.command:
        case "run":
            return run(home, chosen.words[1:] if chosen.words[:1] == ["--"] else chosen.words)
        case "list":
            return list_ids(home)
        case "show":
            return show(home, chosen.id)
        case "reach":
            from offline import reaching

            return reaching.show(home, chosen.frontend, chosen.port, chosen.at, chosen.log)
        case "publish":
            from offline import orders

            return orders.publish(home, chosen.urn)
        case "fault":
            from offline import orders

            return orders.fault(home, chosen.deed, chosen.words)
        case "evict":
            from offline import orders

            return orders.evict(home, chosen.id)
        case "approve":
            from offline import orders

            return orders.approve(home, chosen.id)
        case "reset":
            workspace.reset(home)
            return 0
        case "serve":
            return serve(home, chosen.port)
        case "env":
            return print_environment(home)
    print(_HELP, end="")
    return 0


def run(home: Path, words: list[str]) -> int:
    """Runs the command beside a server of the home's Azure, on this terminal; gives its exit code, 128 and the number for one that a signal ended."""
    if not words:
        return _refuse("run: no command given. Example: python -m offline run -- pulumi preview", 2)
    if not workspace.is_set_up():
        return _refuse("run: the engine is not set up in this checkout. Run: make setup", 1)
    environment = workspace.environment(home)
    program = shutil.which(words[0], path=environment["PATH"])
    if program is None:
        return _refuse(f"run: there is no command {words[0]!r} in venv/bin, beside the engine, or on PATH", 127)
    from offline import https_server

    # Ctrl-C goes to the command, which is in the foreground too; what is sent to this process is passed on.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with https_server.running(home) as variables:
        process = subprocess.Popen(
            [program, *words[1:]], env={**environment, **variables}, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
        )
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda received, _: process.send_signal(received))
        code = process.wait()
    return 128 - code if code < 0 else code


def list_ids(home: Path) -> int:
    """Prints the id of every resource, then the URL of every blob."""
    from offline.arm.store import Store

    store = Store(workspace.azure_file(home))
    for line in (*(resource["id"] for resource in store.resources()), *store.blobs()):
        print(line)
    return 0


def show(home: Path, resource_id: str) -> int:
    """Prints what GET answers; an error goes to stderr."""
    from offline.arm.app import Azure
    from offline.arm.http import Request
    from offline.arm.store import Store

    asked = Request.to("GET", resource_id)
    if not asked.path.lower().startswith("/subscriptions/"):
        shape = "/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Compute/virtualMachineScaleSets/<name>"
        return _refuse(f"show: '{resource_id}' is no id. An id looks like {shape}; `python -m offline list` prints those there are.", 2)
    answer = Azure(Store(workspace.azure_file(home))).handle(Request("GET", asked.path, {"api-version": _API_VERSION, **asked.query}))
    text = json.dumps(answer.body, indent=2)
    if answer.status >= 400:
        return _refuse(text, 1)
    print(text)
    return 0


def serve(home: Path, port: int) -> int:
    """Serves the home's Azure until it is interrupted."""
    from offline import https_server

    print(f'Serving on https://localhost:{port}/. In another terminal: eval "$(venv/bin/python -m offline env)"', flush=True)
    https_server.serve(home, port)
    return 0


def print_environment(home: Path) -> int:
    """Prints export lines for a shell."""
    from offline import https_server
    from offline.arm.tenant import SUBSCRIPTIONS

    environment = {"ARM_SUBSCRIPTION_ID": next(iter(SUBSCRIPTIONS)), **https_server.environment(home)}
    for name, value in environment.items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def _refuse(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
