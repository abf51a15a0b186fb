"""How long the parts of an image build take, in virtual seconds; in Azure it is minutes to hours."""

SUBMISSION_SECONDS = 60
"""A template: its sources are checked, its scripts are downloaded."""

AUTO_RUN_SECONDS = 5
"""From the end of a template's PUT to the run that it begins by itself: for so long there is no `lastRunStatus`."""

BUILDING_SECONDS = 120
"""The build machine comes up."""

STEP_SECONDS = 60
"""One step of the customization or the validation."""

REBOOT_SECONDS = 90
"""A step that restarts Windows, or updates it."""

CANCELLING_SECONDS = 40
"""From a cancellation to the end of the build: its machine is deleted."""
