"""What keeps a command from doing its work, told in one line."""


class CommandError(Exception):
    """The command can't do its work. The message says what was given, what is expected, and what to do; exit code 2."""


def one_line(text: str) -> str:
    """The first line of a message that may have many."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "no reason was given")
