"""The arguments of a rollout in `up`."""

from typing import NotRequired, TypedDict

from azure_scaleset.rollout.policy import Reimage


class Drain(TypedDict):
    """How an instance leaves the rotation before `up` changes it, so that no request is cut. Azure has no call for that: a command on the instance tells the
    application, which fails its health probe from then on and still serves what it has begun."""

    command: str
    """Required. Command that runs on the instance (a shell script on Linux, PowerShell on Windows), as root or as the system account, and makes the health probe fail. No
    secrets: it is readable in Azure's activity."""

    undo: NotRequired[str]
    """Optional. Command that puts the instance back after its change, and after a rollout that ended before it. Runs twice at times. Default: none; the change does
    it by itself."""

    seconds: NotRequired[int]
    """Optional. Seconds that requests may go on after the instance is out of rotation: as long as the longest one takes. Default: 30."""


class Rollout(TypedDict):
    """How `up` brings the running instances to a changed model, and what it waits for."""

    wait: NotRequired[bool]
    """Optional. `up` ends well only when every instance runs the model and is healthy. False: it ends when Azure has taken the model. Default: true."""

    max_unavailable: NotRequired[str]
    """Optional. How many instances may be out of service at a time: a number, or a percentage of the instances ("20%", rounded down, at least 1). Those that
    fail by themselves or are being deleted count. For what Azure doesn't do by itself: mode Manual, and reimaging in any mode. Default: "20%"."""

    canary: NotRequired[bool]
    """Optional. One instance goes first, alone. Default: false."""

    canary_pause: NotRequired[int]
    """Optional. Seconds that it must stay healthy before the others follow. Default: 0."""

    reimage: NotRequired[Reimage]
    """Optional. Whether instances get a new OS disk when custom data has changed, which only a new disk takes. What is on the disk is lost. Default:
    whenNeeded."""

    drain: NotRequired[Drain]
    """Optional. How an instance leaves the rotation before it is changed. For upgrade mode Manual: in the other modes Azure changes instances itself, undrained. Default:
    it is changed while it serves."""

    timeout: NotRequired[int]
    """Optional. Minutes for the whole rollout. Default: 90."""

    health_timeout: NotRequired[int]
    """Optional. Minutes that an instance may take to become healthy after its change. Default: 15."""
