"""A row of the table of effects."""

import enum
from dataclasses import dataclass

from azure_scaleset.rules.effect import EffectKind


class Case(enum.StrEnum):
    """Which change of a property a row is about."""

    ANY = "changed"
    """Any that no other row of the property is about."""
    SET = "set"
    """It was absent."""
    REMOVED = "removed"
    """It is absent now."""
    ZONES_ADDED = "zones added"
    """Zones are added, none is removed."""
    TO_ONE_GROUP = "false -> true"
    """From many placement groups to one."""
    IMAGE_KIND = "another kind of image"
    """Platform image, custom image (managed, gallery, shared, community) or VHD: one of the other."""
    IMAGE_NAME = "another publisher, offer or SKU"
    """Of a platform image."""
    IMAGE_RESOURCE = "another type of image resource"
    """Managed image, gallery image, shared gallery image, community gallery image: one of the other."""
    OTHER_NETWORK = "a subnet of another virtual network"
    """The subnet's id names another virtual network."""
    SCALE_OUT = "more instances"
    """The number grows."""
    SCALE_IN = "fewer instances"
    """The number shrinks."""
    TO_MIX = "to Mix"
    """The set begins to mix sizes."""
    TO_MANUAL = "to Manual"
    """Upgrade mode."""
    TO_ROLLING = "to Rolling"
    """Upgrade mode."""
    TO_AUTOMATIC = "to Automatic"
    """Upgrade mode."""
    ENABLED = "enabled"
    """A switch is true now."""
    ACTION_WHILE_ENABLED = "changed while repairs are enabled"
    """Repair action."""
    WAITED_FOR = "removed, and another extension waits for it"
    """`provisionAfterExtensions` of an extension that stays names it."""
    OTHER_HANDLER = "another publisher or type"
    """The extension's name stays, its handler doesn't."""
    FORCED = "only forceUpdateTag changed"
    """Nothing but the tag."""
    SETTINGS = "settings changed"
    """Public, protected or from a Key Vault."""
    PROTECTED_LOST = "protectedSettings removed"
    """They had been there, and nothing takes their place."""
    HEALTH_MODEL = "application health of another major version"
    """`typeHandlerVersion` of the application health extension from 1 to 2, or back."""
    AUTOMATIC_UPGRADE = "enableAutomaticUpgrade set"
    """And nothing else that runs the extension."""
    OPERATING_SYSTEM = "from Linux to Windows, or back"
    """By `osType`, or by which of `linuxConfiguration` and `windowsConfiguration` there is."""
    TO_TRUSTED_LAUNCH = "from Standard to TrustedLaunch"
    """Security type."""
    FLEXIBLE = "of a Flexible scale set"
    """Orchestration mode of both sides."""


@dataclass(frozen=True)
class Row:
    """What one kind of change of one property does."""

    path: str
    """Property of azure-native's inputs, `[]` for any item of a list. It stands for everything below it that has no row of its own."""
    kind: EffectKind
    """What happens."""
    note: str
    """IN_PLACE, RESTART, REIMAGE: what "each instance" does ("restarts"). Else: a clause that says what happens."""
    rule: str
    """Id of the fact; empty where no source says anything."""
    source: str
    """Where the fact comes from, in the short names of docs/rules.md. Of an unclassified property what little is said of it."""
    case: Case = Case.ANY
    """Which change."""
    doubt: str = ""
    """Why the effect is not sure; empty if it is."""
    mend: str = ""
    """REFUSED: the way out other than a new scale set."""
    replaceable: bool = True
    """REFUSED: whether a new scale set with the new inputs would be accepted."""
    on_reimage: bool = False
    """NEW_INSTANCES: whether a running instance gets it with its next new OS disk."""
