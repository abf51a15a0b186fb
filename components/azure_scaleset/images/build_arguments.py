"""The arguments of `BuiltImage`: what Azure Image Builder does to a base image."""

from typing import NotRequired, TypedDict

import pulumi

from azure_scaleset.extensions.context import OperatingSystem
from azure_scaleset.images.arguments import ImageDestination
from azure_scaleset.payload_store import PayloadStore
from azure_scaleset.shape import one_of


@one_of("file", "commands")
class ShellStep(TypedDict):
    """A shell script on the build machine (Linux), run as root: exactly one of `file`, `commands`. It fails the build when it ends with another code than 0."""

    file: NotRequired[str]
    """Conditional. Path of a local script. Its content is in the template: an edited script is another recipe."""

    commands: NotRequired[list[str]]
    """Conditional. Commands, run one after the other by sh; the first that fails ends it."""


@one_of("file", "commands")
class PowerShellStep(TypedDict):
    """A PowerShell script on the build machine (Windows): exactly one of `file`, `commands`."""

    file: NotRequired[str]
    """Conditional. Path of a local script. Its content is in the template: an edited script is another recipe."""

    commands: NotRequired[list[str]]
    """Conditional. Commands, run one after the other."""

    elevated: NotRequired[bool]
    """Optional. Run with elevated rights. Default: false."""

    as_system: NotRequired[bool]
    """Optional. Run as the local system; needs `elevated` (B3). Default: false."""

    exit_codes: NotRequired[list[int]]
    """Optional. Codes that mean success. Default: 0."""


class FileStep(TypedDict):
    """A file that is put on the build machine."""

    file: str
    """Required. Path of a local file of at most 20 MB (B4)."""

    destination: str
    """Required. Absolute path on the build machine; its folder must exist. On Linux below /tmp: a shell step moves it from there (B4)."""


class WindowsUpdateStep(TypedDict):
    """Installs Windows updates."""

    search_criteria: NotRequired[str]
    """Optional. Which updates are looked for. Default: Azure's, all."""

    filters: NotRequired[list[str]]
    """Optional. Which of those found are installed, the first filter that matches decides. Default: all."""

    update_limit: NotRequired[int]
    """Optional. At most so many at a time. Default: Azure's, 1000."""


class WindowsRestartStep(TypedDict):
    """Restarts the build machine (Windows) and waits until it is back."""

    command: NotRequired[str]
    """Optional. The command that restarts. Default: Azure's."""

    check_command: NotRequired[str]
    """Optional. The command that tells that it is back. Default: Azure's."""

    timeout: NotRequired[str]
    """Optional. As 5m or 2h. Default: Azure's, 5m."""


@one_of("shell", "power_shell", "file", "windows_update", "windows_restart")
class BuildStep(TypedDict):
    """One step: exactly one of `shell`, `powerShell`, `file`, `windowsUpdate`, `windowsRestart`."""

    name: NotRequired[str]
    """Optional. Shown in the log. Default: the file's name."""

    shell: NotRequired[ShellStep]
    """Conditional. Linux."""

    power_shell: NotRequired[PowerShellStep]
    """Conditional. Windows."""

    file: NotRequired[FileStep]
    """Conditional. Both systems."""

    windows_update: NotRequired[WindowsUpdateStep]
    """Conditional. Windows."""

    windows_restart: NotRequired[WindowsRestartStep]
    """Conditional. Windows."""


class BuildValidation(TypedDict):
    """What must hold of a machine that is made from the finished image, before the image is distributed."""

    steps: list[BuildStep]
    """Required. `shell`, `powerShell` and `file` steps; one that fails fails the build."""

    continue_on_failure: NotRequired[bool]
    """Optional. The image is distributed even so, and `up` warns: Azure calls the run failed in either case. Default: false."""


class BuildNetwork(TypedDict):
    """The network of the build machine. Default: one that Image Builder makes, with a public address."""

    subnet_id: pulumi.Input[str]
    """Required. Subnet of the build machine; private link policies must be off on it (B8)."""

    container_instance_subnet_id: NotRequired[pulumi.Input[str]]
    """Optional. A subnet delegated to container instances, for isolated builds: then no proxy machine is needed. Of the same virtual network (B8). Default: a proxy machine is made."""

    proxy_size: NotRequired[str]
    """Optional. Size of the proxy machine; not with `containerInstanceSubnetId` (B8). Default: Azure's."""


class BuiltImageArgs(TypedDict):
    """Arguments of `BuiltImage`."""

    resource_group_name: pulumi.Input[str]
    """Required. Of the template, and of the gallery and the identity that are made."""

    location: pulumi.Input[str]
    """Required. Azure region of the build."""

    os: OperatingSystem
    """Required. Linux or Windows."""

    base: pulumi.Input[str]
    """Required. The image to begin with: as `ScaleSet`'s `image`, without shared and community galleries, and not one that is for trusted launch or confidential machines alone (B13). Without a version the newest one is resolved at preview:
    a newer base is another recipe, and rebuilds the image."""

    base_constraint: NotRequired[str]
    """Optional. Which versions of a base without version may be taken: `1.*`, `1.4.*`. Default: `*`."""

    steps: list[BuildStep]
    """Required. What is done to it, in this order."""

    validation: NotRequired[BuildValidation]
    """Optional. Default: none."""

    destination: NotRequired[ImageDestination]
    """Optional. The gallery, the definition and the version. Default: all of them are made; the definition says of system, generation, architecture, security type
    and plan what the base does (B13)."""

    size: NotRequired[str]
    """Optional. Size of the build machine. Default: Azure's, Standard_D2ds_v4 for generation 2 (B8)."""

    os_disk_size_gb: NotRequired[int]
    """Optional. In GiB, not below the base's. Default: the base's."""

    network: NotRequired[BuildNetwork]
    """Optional. The network of the build machine. Default: one that Image Builder makes, with a public address."""

    identity_id: NotRequired[pulumi.Input[str]]
    """Optional. A user-assigned identity that exists, with `Compute Gallery Artifacts Publisher` on the gallery, and what the base and the network need. The deployer
    then needs no right to assign roles. Default: that of `payloadStore`, else one is made, with these rights."""

    payload_store: NotRequired[PayloadStore]
    """Optional. Where the files of `file` steps wait for the build; its identity is the build's, with the rights that `identityId` names. Default: made here when there
    are any."""

    build_timeout: NotRequired[int]
    """Optional. Minutes for the build, 6 to 960 (B7). Default: 240."""

    auto_run: NotRequired[bool]
    """Optional. Azure begins the build as soon as it has the template, where there is no version of this recipe when the template is made; `up` waits for that build, and
    begins no other one. Default: false: `up` begins the build."""

    ignore_rules: NotRequired[list[str]]
    """Optional. Ids of rules (docs/rules.md) that are wrong about this image: what they find is sent all the same. Default: none."""

    tags: NotRequired[dict[str, pulumi.Input[str]]]
    """Optional. Tags of all resources, and of the version. Default: none."""
