"""Every property of a scale set, and what a change of it does: the data behind `effects` and docs/effects.md."""

from azure_scaleset.rules.effects_row import Row
from azure_scaleset.rules.effects_rows_of_instances import EXTENSION, NETWORK, OPERATING_SYSTEM, PLACEMENT, STORAGE
from azure_scaleset.rules.effects_rows_of_the_set import OF_THE_SET, UPGRADES
from azure_scaleset.rules.effects_unclassified import UNCLASSIFIED, unclassified

TABLE: tuple[Row, ...] = (
    *OF_THE_SET,
    *UPGRADES,
    *OPERATING_SYSTEM,
    *PLACEMENT,
    *STORAGE,
    *NETWORK,
    *EXTENSION,
    *(unclassified(path, source) for path, source in UNCLASSIFIED.items()),
)
"""Every row; of the rows of a property, that of the case which a change is."""
