"""Keeps the preview fast: the Python SDK spends most of its time on azure-native's aliases."""

import pulumi


def without_version_aliases(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
    """Drops the aliases by which azure-native recognises a resource that was once made under an API version's own type.

    There are up to 80 a resource, and the children of these components were never made under such a type. Aliases of a caller (by name, parent,
    URN, or another type) stay.
    """
    args.opts.aliases = [alias for alias in _list(args.opts.aliases) if not _names_a_version(alias)]
    return pulumi.ResourceTransformationResult(args.props, args.opts)


FAST = pulumi.ResourceOptions(transformations=[without_version_aliases])
"""For the options of a component: its children inherit the transformation."""


def _names_a_version(alias: object) -> bool:
    return isinstance(alias, pulumi.Alias) and isinstance(alias.type_, str) and alias.type_.startswith("azure-native:")


def _list(aliases: object) -> list[pulumi.Input[str | pulumi.Alias]]:
    return aliases if isinstance(aliases, list) else []
