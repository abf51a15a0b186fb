"""The one error of the tools."""


class SetupError(Exception):
    """A step that could not be done. The message is shown as it is: it says what failed and what to do."""
