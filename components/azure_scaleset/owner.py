"""Whose a thing is that lies beside those of others."""

import pulumi


def owner() -> str:
    """The stack that runs, as `PROJECT/STACK`."""
    return f"{pulumi.get_project()}/{pulumi.get_stack()}"
