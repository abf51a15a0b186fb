"""The arguments of a rollout in `up`."""

from typing import NotRequired, TypedDict

from azure_scaleset.rollout.policy import Reimage


class Rollout(TypedDict):
    """How `up` brings the running instances to a changed model, and what it waits for."""

    wait: NotRequired[bool]
    """Optional. `up` ends well only when every instance runs the model and is healthy. False: it ends when Azure has taken the model. Default: true."""

    max_unavailable: NotRequired[str]
    """Optional. How many instances may be out of service at a time: a number, or a percentage of the instances ("20%", rounded down, at least 1). For what
    Azure doesn't do by itself: mode Manual, and reimaging in any mode. Default: "20%"."""

    canary: NotRequired[bool]
    """Optional. One instance goes first, alone. Default: false."""

    canary_pause: NotRequired[int]
    """Optional. Seconds that it must stay healthy before the others follow. Default: 0."""

    reimage: NotRequired[Reimage]
    """Optional. Whether instances get a new OS disk when custom data has changed, which only a new disk takes. What is on the disk is lost. Default:
    whenNeeded."""

    timeout: NotRequired[int]
    """Optional. Minutes for the whole rollout. Default: 90."""

    health_timeout: NotRequired[int]
    """Optional. Minutes that an instance may take to become healthy after its change. Default: 15."""
