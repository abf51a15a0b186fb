"""The arguments of `ScaleSet`."""

import enum
from typing import Any, NotRequired, TypedDict

import pulumi

from azure_scaleset.adoption.arguments import Adopt
from azure_scaleset.extensions.arguments import Extension
from azure_scaleset.extensions.context import OperatingSystem
from azure_scaleset.images.resolve import ImageVersion
from azure_scaleset.payload_store import PayloadStore
from azure_scaleset.rollout.arguments import Rollout
from azure_scaleset.shape import one_of


class UpgradeMode(enum.StrEnum):
    """How a changed model reaches the running instances."""

    MANUAL = "Manual"
    """Not by itself: only new instances get it, the others when they are upgraded by hand."""
    ROLLING = "Rolling"
    """Batch by batch, while the others serve. Needs a health signal."""
    AUTOMATIC = "Automatic"
    """All instances at once, in no order: an outage for a set that serves."""


class SecurityType(enum.StrEnum):
    """The security type of the instances."""

    STANDARD = "Standard"
    """None: nothing is sent to Azure, which takes this as standard."""
    TRUSTED_LAUNCH = "TrustedLaunch"
    """Secure boot and a virtual TPM; needs a generation 2 image."""


class Metric(enum.StrEnum):
    """A metric that Azure measures from outside of the instance."""

    CPU = "Percentage CPU"
    """Average processor load in percent."""
    NETWORK_IN = "Network In Total"
    """Bytes received."""
    NETWORK_OUT = "Network Out Total"
    """Bytes sent."""


class Admin(TypedDict):
    """The administrator of the instances. Linux takes SSH keys (no password login) or, if that must be, a password; Windows takes a
    password."""

    username: NotRequired[str]
    """Optional. Can't be changed after creation. Default: azureuser."""

    ssh_public_keys: NotRequired[list[pulumi.Input[str]]]
    """Conditional: Linux. `ssh-rsa` of at least 2048 bits, or `ssh-ed25519` (N12)."""

    password: NotRequired[pulumi.Input[str]]
    """Conditional: required for Windows. Always treated as secret. Three of: lower case, upper case, digit, special character (N9)."""


class CloudInitTemplate(TypedDict):
    """A file with `${name}` placeholders, and their values. Missing and unused values are refused."""

    file: str
    """Required. Path of the local file."""

    values: dict[str, str]
    """Required. Value of each placeholder. Plain text: the document is readable on each instance."""


@one_of("cloud_config", "file", "script", "template")
class CloudInitPart(TypedDict):
    """One part of the cloud-init document: exactly one of `cloudConfig`, `file`, `script`, `template`."""

    cloud_config: NotRequired[dict[str, Any]]
    """Conditional. A cloud-config document, as a map."""

    file: NotRequired[str]
    """Conditional. Path of a local file in any cloud-init format."""

    script: NotRequired[str]
    """Conditional. Text of a shell script, run once at the first boot."""

    template: NotRequired[CloudInitTemplate]
    """Conditional. A local file with `${name}` placeholders."""


class Upgrade(TypedDict):
    """How model changes reach the instances. Percentages are of the set's capacity."""

    mode: NotRequired[UpgradeMode]
    """Optional. Default: Rolling when there is a health signal (the application health extension, or `network.healthProbeId`), else
    Manual."""

    max_batch_instance_percent: NotRequired[int]
    """Optional. Size of a batch, 5 to 100 (U4). Default: 20."""

    max_unhealthy_instance_percent: NotRequired[int]
    """Optional. A rolling upgrade stops when more are unhealthy, 5 to 100. Default: 20; in a set of fewer than 5 without autoscale what one instance is, so
    that a rolling upgrade can mend it (U10)."""

    max_unhealthy_upgraded_instance_percent: NotRequired[int]
    """Optional. A rolling upgrade stops when more of the upgraded are unhealthy, 0 to 100. Default: 20."""

    pause_time_between_batches: NotRequired[str]
    """Optional. ISO 8601 duration, as PT30S. Default: PT0S."""

    automatic_os_upgrade: NotRequired[bool]
    """Optional. Azure brings the instances to newer `latest` versions of the image by itself. Default: false."""


class NetworkAttachment(TypedDict):
    """What the instances are attached to: `Network`'s outputs, or ids of your own."""

    subnet_id: pulumi.Input[str]
    """Required. Id of the subnet that the instances are in."""

    backend_pool_ids: NotRequired[list[pulumi.Input[str]]]
    """Optional. Ids of backend pools: of one public and one internal load balancer at most (L7). Default: none."""

    application_gateway_pool_ids: NotRequired[list[pulumi.Input[str]]]
    """Optional. Ids of backend pools of application gateways. Default: none."""

    network_security_group_id: NotRequired[pulumi.Input[str]]
    """Optional. Id of a network security group of the interfaces, beside the subnet's own. Default: none."""

    health_probe_id: NotRequired[pulumi.Input[str]]
    """Optional. Id of the balancer's probe that is the set's health signal. Excludes the application health extension (H4). Default: none."""

    public_ip_per_instance: NotRequired[bool]
    """Optional. Default: false."""

    accelerated_networking: NotRequired[bool]
    """Optional. The size must support it. Default: false."""


class AutoscaleRule(TypedDict):
    """One condition, and the change of the number of instances when it holds for 5 minutes on average."""

    metric: Metric
    """Required. What is measured, as the average of all instances."""

    above: NotRequired[int]
    """Conditional: `above` (scales out) or `below` (scales in)."""

    below: NotRequired[int]
    """Conditional: `above` or `below`."""

    change: NotRequired[int]
    """Optional. By how many instances. Default: 1."""


class Autoscale(TypedDict):
    """Autoscale owns the number of instances once it exists: an update keeps what it has set."""

    minimum: int
    """Required. At least so many instances."""

    maximum: int
    """Required. At most so many instances."""

    rules: NotRequired[list[AutoscaleRule]]
    """Optional. Default: out above 75 % CPU, in below 25 %."""

    at_least: NotRequired[pulumi.Input[int]]
    """Optional. So many instances at least for now, beside `minimum` and never above `maximum`: what another scale set has that this one shall take over from.
    May be an output. Default: 0."""


class Identity(TypedDict):
    """Managed identities of the instances."""

    system_assigned: NotRequired[bool]
    """Optional. Default: false."""

    user_assigned: NotRequired[list[pulumi.Input[str]]]
    """Optional. Resource ids of user-assigned identities. Default: none but the one that reads payloads, when there are any."""


class Security(TypedDict):
    """Security of the instances."""

    type: NotRequired[SecurityType]
    """Optional. Can't be changed after creation. Default: TrustedLaunch for platform images of generation 2, else Standard."""

    encryption_at_host: NotRequired[bool]
    """Optional. The subscription must have the feature. Default: not sent (C5)."""


class OsDisk(TypedDict):
    """The OS disk of an instance."""

    storage_account_type: NotRequired[str]
    """Optional. Standard_LRS, StandardSSD_LRS, StandardSSD_ZRS, Premium_LRS or Premium_ZRS (K6). Can't be changed after creation. Default:
    StandardSSD_LRS."""

    size_gb: NotRequired[int]
    """Optional. In GiB, not below the image's. Default: the image's."""


class BootDiagnostics(TypedDict):
    """Boot log and screenshot of the instances."""

    enabled: NotRequired[bool]
    """Optional. Default: true."""

    storage_uri: NotRequired[pulumi.Input[str]]
    """Optional. Blob endpoint of a storage account of your own. Default: storage that Azure manages."""


class Timeouts(TypedDict):
    """How long Pulumi waits for Azure, as `90m`."""

    create: NotRequired[str]
    """Optional. For a scale set that is made. Default: azure-native's."""

    update: NotRequired[str]
    """Optional. For a change of it; the rollout to the instances has a time of its own (`rollout.timeout`). Default: azure-native's."""

    delete: NotRequired[str]
    """Optional. For its deletion. Default: azure-native's."""


class ScaleSetArgs(TypedDict):
    """Arguments of `ScaleSet`."""

    resource_group_name: pulumi.Input[str]
    """Required. Name of the resource group, which exists."""

    location: NotRequired[pulumi.Input[str]]
    """Optional. Azure region. Can't be changed after creation. Default: the resource group's."""

    os: OperatingSystem
    """Required. Linux or Windows. Can't be changed after creation."""

    image: pulumi.Input[str]
    """Required. `publisher:offer:sku:version`, an alias (Ubuntu2404, Win2022Datacenter, …), or the id of a managed, gallery, shared or
    community gallery image; `imageId` of an image component."""

    image_version: NotRequired[ImageVersion]
    """Optional. Which version of `image` is taken, where it names none. Default: `latest` is Azure's: new and reimaged instances get the newest version,
    `upgrade.automaticOsUpgrade` brings the others to it."""

    size: str
    """Required. VM size, as Standard_D2s_v5."""

    capacity: NotRequired[int]
    """Optional. Number of instances. With `autoscale` only the number at creation; an adopted scale set keeps what it has at the time where it isn't given.
    Default: `autoscale.minimum`, else 2."""

    zones: NotRequired[list[str]]
    """Optional. Availability zones, as ["1", "2", "3"]. Zones can be added later, never removed (M10). Default: none."""

    admin: Admin
    """Required. The administrator of the instances."""

    computer_name_prefix: NotRequired[str]
    """Optional. 1 to 9 characters on Windows (N1), to 58 on Linux (N2). Can't be changed after creation. Default: from the component's
    name."""

    cloud_init: NotRequired[list[CloudInitPart]]
    """Optional. Linux only. Parts of the cloud-init document. The set's first script waits until cloud-init has finished; its failure
    fails the update. Default: none."""

    custom_data: NotRequired[pulumi.Input[str]]
    """Optional. Plain text; it is encoded here. Excludes `cloudInit`. Reaches only new and reimaged instances (D3). Windows never runs it
    (D5). Default: none."""

    user_data: NotRequired[pulumi.Input[str]]
    """Optional. Plain text; it is encoded here. Readable on the instance through its metadata service (D9). Default: none."""

    extensions: NotRequired[list[Extension]]
    """Optional. In the model itself, so that each new instance has them from the start. Default: none."""

    upgrade: NotRequired[Upgrade]
    """Optional. How a changed model reaches the running instances. Default: Rolling with a health signal, else Manual."""

    rollout: NotRequired[Rollout]
    """Optional. How `up` brings the running instances to a changed model, and what it waits for. Default: it waits for all of them."""

    network: NetworkAttachment
    """Required. What the instances are attached to."""

    autoscale: NotRequired[Autoscale]
    """Optional. Default: none; the capacity is yours."""

    identity: NotRequired[Identity]
    """Optional. Default: none but the one that reads payloads, when there are any."""

    security: NotRequired[Security]
    """Optional. Trusted launch and encryption. Default: TrustedLaunch for platform images of generation 2, else Standard."""

    os_disk: NotRequired[OsDisk]
    """Optional. Type and size of the OS disk. Default: StandardSSD_LRS, of the image's size."""

    boot_diagnostics: NotRequired[BootDiagnostics]
    """Optional. Default: enabled, in storage that Azure manages."""

    payload_store: NotRequired[PayloadStore]
    """Optional. Storage and identity of your own for the payloads. Default: made here when a payload needs them."""

    replace_when_immutable: NotRequired[bool]
    """Optional. What Azure doesn't let change after creation (system, image kind, administrator's name, …) makes a new scale set beside the old one, which is
    deleted when the new one serves. False: the preview fails and names what it is. Default: false."""

    ignore_rules: NotRequired[list[str]]
    """Optional. Ids of rules (docs/rules.md) that are wrong about this scale set: what they find is told, and sent all the same. Default: none."""

    tags: NotRequired[dict[str, pulumi.Input[str]]]
    """Optional. Tags of all resources. Default: none."""

    timeouts: NotRequired[Timeouts]
    """Optional. How long Pulumi waits for Azure. Default: as long as azure-native does."""

    overrides: NotRequired[dict[str, Any]]
    """Optional. A map in azure-native's input shape (camelCase), merged last into the scale set's inputs: no Azure field is out of reach. A list replaces
    the list; a map over a list of named items changes the items of these names. Null takes away what is sent otherwise. Default: none."""

    adopt: NotRequired[Adopt]
    """Optional. A scale set that exists already, made by something else. Default: none, the scale set is made here."""
