"""What keeps a command from doing its work, told in one line."""

from azure_scaleset.rollout.arm import ArmError

_NEXT = {
    401: "Next: az login.",
    403: "Next: give who is signed in the role Virtual Machine Contributor on the resource group.",
    404: "Next: look for its name and group with `az vmss list --output table`.",
    409: "Next: wait till the other operation is over, then the same command again.",
    429: "Next: the same command again, some minutes later.",
}


class CommandError(Exception):
    """The command can't do its work. The message says what was given, what is expected, and what to do; exit code 2."""


def refusal(error: ArmError) -> str:
    """A refusal of Azure in one line, with its code and what to do."""
    return f"Azure refused: {error.code}: {one_line(error.message)} {_NEXT.get(error.status, '')}".rstrip()


def one_line(text: str) -> str:
    """The first line of a message that may have many."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "no reason was given")
