"""Arguments that the image components share: where an image goes."""

import enum
from typing import NotRequired, TypedDict

import pulumi

from azure_scaleset.extensions.context import OperatingSystem


class Generation(enum.StrEnum):
    """The Hyper-V generation of an image. It can't be changed, and sizes support one of them or both."""

    V1 = "V1"
    """BIOS."""
    V2 = "V2"
    """UEFI: the one of today's images, needed for trusted launch."""


class ImageSecurity(enum.StrEnum):
    """The security types of the machines that can be made from an image. It can't be changed."""

    STANDARD = "Standard"
    """Only machines without trusted launch."""
    TRUSTED_LAUNCH = "TrustedLaunch"
    """Only machines of trusted launch. An image of a trusted launch VM is one."""
    TRUSTED_LAUNCH_SUPPORTED = "TrustedLaunchSupported"
    """Machines with and without trusted launch. Generation 2."""
    CONFIDENTIAL_VM = "ConfidentialVM"
    """Only confidential machines. Generation 2."""
    CONFIDENTIAL_VM_SUPPORTED = "ConfidentialVmSupported"
    """Confidential machines, and machines without trusted launch. Generation 2."""
    TRUSTED_LAUNCH_AND_CONFIDENTIAL_VM_SUPPORTED = "TrustedLaunchAndConfidentialVmSupported"
    """Machines of every security type. Generation 2."""


class Architecture(enum.StrEnum):
    """The processor architecture of an image. It can't be changed."""

    X64 = "x64"
    """Intel and AMD."""
    ARM64 = "Arm64"
    """Arm: sizes with a `p` in their name."""


class ImageIdentifier(TypedDict):
    """The names under which a gallery knows an image: no other image of the gallery may have the same three (Y2). They can't be changed."""

    publisher: str
    """Required. First part of the identifier."""

    offer: str
    """Required. Second part."""

    sku: str
    """Required. Third part; all three together are the definition's alone in its gallery."""


class RecommendedSizes(TypedDict):
    """The sizes that an image is meant for. Azure shows them and refuses nothing."""

    minimum_cpus: NotRequired[int]
    """Optional. Default: none."""

    maximum_cpus: NotRequired[int]
    """Optional. Default: none."""

    minimum_memory_gb: NotRequired[int]
    """Optional. In GiB. Default: none."""

    maximum_memory_gb: NotRequired[int]
    """Optional. In GiB. Default: none."""


class PurchasePlan(TypedDict):
    """The plan of the marketplace image that an image comes from: a scale set of it must name the same one (G12). It can't be changed."""

    name: str
    """Required. The plan, as `stable-gen2`."""

    publisher: str
    """Required. Who publishes it, as `kinvolk`."""

    product: str
    """Required. The offer, as `flatcar-container-linux-free`."""


class ImageDefinition(TypedDict):
    """The image definition, of which versions are made. What can't be changed of it is in a short digest of its name: another definition is made beside it."""

    os: NotRequired[OperatingSystem]
    """Conditional: required where the source is a VHD; every other source tells. Linux or Windows. Can't be changed."""

    generation: NotRequired[Generation]
    """Optional. Can't be changed. Default: the source's; of a VHD V2."""

    security: NotRequired[ImageSecurity]
    """Optional. Can't be changed. Default: of a VM or a snapshot its own, TrustedLaunch or Standard: Azure takes neither for images of both kinds (T25). Of the base of a
    `BuiltImage` what it supports (B13). Else, for generation 2 of x64, TrustedLaunchSupported; for others Standard."""

    architecture: NotRequired[Architecture]
    """Optional. Can't be changed. Default: the source's, else x64."""

    purchase_plan: NotRequired[PurchasePlan]
    """Optional. Can't be changed. Default: the source's, where it comes from a marketplace image with a plan; a managed image and a VHD don't tell."""

    name: NotRequired[str]
    """Optional. Up to 80 letters, digits, '.', '_' and '-' (Y1). Default: the component's name with a digest of what can't be changed."""

    identifier: NotRequired[ImageIdentifier]
    """Optional. Default: publisher azure-scaleset, the component's name as offer, the definition's name as SKU."""

    recommended: NotRequired[RecommendedSizes]
    """Optional. The sizes that the image is meant for. Default: none."""

    description: NotRequired[str]
    """Optional. What the image is, for people who look for one. Default: none."""


class ImageRegion(TypedDict):
    """A region that a version is replicated to."""

    name: str
    """Required. As westeurope."""

    replicas: NotRequired[int]
    """Optional. 1 to 100 (Y6); Azure's advice is one for 50 machines that are made at once (Y9). Default: 1."""

    exclude_from_latest: NotRequired[bool]
    """Optional. There, a reference without version passes this version over. Default: false."""


class ImageDestination(TypedDict):
    """Where an image goes: into a gallery, as a version of a definition. Versions are kept when newer ones are made, since scale sets and other stacks may use
    them; `scaleset prune` removes what nothing uses any more. A resource group that is deleted takes all of them along."""

    gallery_id: NotRequired[pulumi.Input[str]]
    """Optional. Id of a gallery that exists. Default: one is made."""

    gallery_name: NotRequired[str]
    """Optional. Name of the gallery that is made: up to 80 letters, digits, '.' and '_' (Y1). Default: the component's name, `-` as `_`."""

    definition_id: NotRequired[pulumi.Input[str]]
    """Optional. Id of an image definition that exists, in its own gallery. Excludes `definition` and the gallery's. Default: one is made."""

    definition: NotRequired[ImageDefinition]
    """Conditional: required where the source is a VHD, unless `definitionId` is given; every other source tells what it says. Default: as the source is."""

    version: NotRequired[str]
    """Optional. Major.Minor, of which the third number counts up with each new content ("1.4" gives 1.4.0, 1.4.1, …), or Major.Minor.Patch, which must be a new one
    for each new content. Content that has a version already gets that one again. Default: "1.0"."""

    regions: NotRequired[list[ImageRegion]]
    """Optional. Where the version can be used; `location` must be among them (Y6). Default: `location`."""

    storage_account_type: NotRequired[str]
    """Optional. Standard_LRS, Standard_ZRS or Premium_LRS (Y6). Can't be changed. Default: Azure's, Standard_LRS."""

    end_of_life_date: NotRequired[str]
    """Optional. ISO 8601, as 2027-06-30T00:00:00Z. `imageVersion.resolveLatest` takes no version past it; Azure itself goes on to serve it (Y8). Default: none."""

    exclude_from_latest: NotRequired[bool]
    """Optional. A reference without version passes this version over. Default: false."""
