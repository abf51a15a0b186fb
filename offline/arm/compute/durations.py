"""How long things take, in virtual seconds. The figures are this Azure's own: of the right order, and short enough to watch."""

CREATE_SECONDS = 30
"""From the order to a booted instance, before its extensions run."""

UPDATE_SECONDS = 10
"""Bringing an instance to a model, without its extensions."""

REIMAGE_SECONDS = 40
"""A new OS disk and the boot from it, before the extensions run."""

RESTART_SECONDS = 20
START_SECONDS = 20
POWER_OFF_SECONDS = 10
DEALLOCATE_SECONDS = 20
DELETE_SECONDS = 20

RUN_COMMAND_SECONDS = 5
"""A script by `runCommand`."""

RUN_COMMAND_TIMEOUT_SECONDS = 5400
"""When a run whose agent is gone is given up: the 90 minutes that a script may take."""

UNINSTALL_SECONDS = 10
"""Removing an extension."""

HANDLER_SECONDS = 2
"""An extension's run, beside what its script waits."""

APP_START_SECONDS = 5
"""From the end of work on an instance to an application that answers."""

HEALTH_WAIT_SECONDS = 300
"""How long a rolling upgrade waits for an upgraded instance to be healthy (U16)."""

UPGRADE_TICK_SECONDS = 5
"""How often a rolling upgrade looks."""

EXTENSIONS_TIME_BUDGET = "PT1H30M"
"""`extensionProfile.extensionsTimeBudget` where none is given (X12): then an instance that hangs has failed."""

PROVISIONING_TIMEOUT_SECONDS = 1200
"""When a machine whose image was not generalized is given up (G9)."""

IMAGE_ROLLOUT_SECONDS = 60
"""From the publication of an image version to the upgrades that it sets off. In Azure hours or days."""

REPAIR_GRACE_PERIOD = "PT10M"
"""`automaticRepairsPolicy.gracePeriod` where none is given (R3)."""

TERMINATE_NOTICE = "PT5M"
"""`terminateNotificationProfile.notBeforeTimeout` where none is given (R1)."""

PREEMPT_NOTICE_SECONDS = 30
"""From the word of an eviction to the eviction (P6)."""

RESTORE_SECONDS = 60
"""How often Azure tries to restore an evicted instance."""

RESTORE_TIMEOUT = "PT1H"
"""`spotRestorePolicy.restoreTimeout` where none is given (P7)."""

REPAIR_AGAIN_SECONDS = 60
"""When a repair is tried again that had to wait for others."""

GALLERY_SECONDS = 5
"""Writing a gallery or an image definition."""

DISK_SECONDS = 10
"""Making a disk or a snapshot."""

IMAGE_SECONDS = 30
"""Making a managed image."""

REPLICATION_SECONDS = 120
"""From the order of a gallery version to its arrival in all regions. In Azure minutes, or hours for far regions."""

VERSION_SECONDS = 20
"""A change of a gallery version that brings it to no new region."""
