"""The region of a stack, which stays."""

import pulumi
from pulumi_azure_native import resources

from azure_scaleset import review_rounds
from azure_scaleset.rules.gallery import plain


def kept(group: resources.ResourceGroup, location: str) -> pulumi.Output[str]:
    """The name of the stack's *group*, where that is in *location*, the region that the stack file names. Else a preview is refused, and an update ends before
    anything is written: Azure moves no network and no scale set, and Pulumi would delete them all before it made others."""

    def judge(known: list[str]) -> str:
        name, there = known
        if plain(there) == plain(location):
            return name
        key = f"{pulumi.get_project()}:location"
        why = (
            f"{key} is {location}, but the stack is in {there}, and Azure moves nothing to another region (I10, I12). Put {there} back. For a move, make a stack of "
            f"another name there (pulumi stack init), and destroy this one when that one serves."
        )
        if not pulumi.runtime.is_dry_run():
            raise pulumi.RunError(why)
        review_rounds.refuse(f"Stack '{pulumi.get_stack()}'", why, group)
        return name

    result: pulumi.Output[str] = pulumi.Output.all(group.name, group.location).apply(judge)
    return result
