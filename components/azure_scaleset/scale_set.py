"""ScaleSet: a virtual machine scale set whose instances install an application."""

from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_azure_native import compute

from azure_scaleset import autoscale, model, problems
from azure_scaleset.adoption import as_found, unread
from azure_scaleset.aliases import FAST
from azure_scaleset.arguments import ScaleSetArgs, SecurityType
from azure_scaleset.errors import ArgumentError
from azure_scaleset.extensions import definitions
from azure_scaleset.extensions.context import Context
from azure_scaleset.images.fitting import User, fitting
from azure_scaleset.images.reference import ImageKind, parse
from azure_scaleset.images.resolve import resolved
from azure_scaleset.payload import cloud_init
from azure_scaleset.payload.problems import PayloadError
from azure_scaleset.payload.sensitive import find_sensitive
from azure_scaleset.payload_store import Delivery
from azure_scaleset.review import Review
from azure_scaleset.rollout.change import Change
from azure_scaleset.rollout.gate import Gate, check_mark
from azure_scaleset.shape import camel, fields, legible, read_fields

PULUMI_VERSION = ">=3.258.0"
"""Stashes and replacement triggers, on which the delivery of payloads stands."""


class ScaleSet(pulumi.ComponentResource):
    """A virtual machine scale set with its image, its extensions and what they install, kept in line with local scripts by content."""

    scale_set_id: pulumi.Output[str]
    """Resource id of the scale set."""

    scale_set_name: pulumi.Output[str]
    """Name of the scale set in Azure: the component's name with a digest of what can't be changed after creation."""

    principal_id: pulumi.Output[str]
    """Principal of the system-assigned identity, to give it rights. Empty without one."""

    def __init__(self, name: str, args: ScaleSetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("azure-scaleset:index:ScaleSet", name, None, pulumi.ResourceOptions.merge(opts, FAST))
        subject = f"ScaleSet '{name}'"
        found: list[str] = []
        args = read_fields(args, fields(ScaleSetArgs), "", found)  # type: ignore[assignment]  # it gives what its table says
        if not legible(found):
            raise ArgumentError(subject, found)
        # What follows reads the arguments as their types say.
        base = Path.cwd()
        local = _read_local(name, args, base)
        found += local.problems
        if found:
            raise ArgumentError(subject, found)
        pulumi.require_pulumi_version(PULUMI_VERSION)

        tags = args.get("tags", {})
        group, location = args["resource_group_name"], args.get("location")
        delivery = Delivery(name, group, location, tags, self, args.get("payload_store"))
        context = Context(subject, args["os"], base, "cloud_init" in args, delivery)
        defined = [definitions.define(extension, context) for extension in local.extensions]

        physical_name = model.physical_name(name, args)
        initial = model.initial_capacity(args)
        capacity: pulumi.Input[int] = initial
        decided = "capacity" in args or "adopt" not in args
        if "autoscale" in args:
            capacity = autoscale.sent_capacity(
                args["autoscale"], autoscale.live_capacity(group, physical_name, initial, self, delivery.ready)
            )
            decided = "at_least" in args["autoscale"]
        elif not decided:
            capacity = autoscale.live_capacity(group, physical_name, initial, self, delivery.ready)
        own = {
            "location": location,
            "tags": tags,
            "identity": model.identity(args.get("identity", {}), [delivery.identity_id] if delivery.used else []),
        }
        is_as_found = "adopt" in args and args["adopt"].get("as_found", False)
        # The image of what is only imported may be gone.
        image = args["image"] if is_as_found else _image(subject, args, physical_name, self)
        inputs = model.merge({**own, **model.inputs(name, args, image, capacity, local.custom_data, defined)}, args.get("overrides", {}))
        if is_as_found:
            self._finish(as_found.scale_set(name, args, group, physical_name, inputs, self))
            return
        has_custom_data = unread.CUSTOM_DATA in args.get("adopt", {}).get("unread", [])
        taken_over = as_found.Written(group, physical_name, self) if has_custom_data else None
        change = Change(name, inputs, self, delivery.ready, taken_over)
        self.change = change  # no annotation: it is no output
        """What marks a change of the model."""
        inputs = model.merge(inputs, {"tags": change.tags})
        rollout = args.get("rollout", {})
        waits = rollout.get("wait", True)
        # A scale-out that the program decides is waited for, too.
        wanted = {**change.marks, **({"capacity": capacity} if decided else {})}
        gate = Gate(name, rollout, wanted, check_mark, self, [args, model.with_secrets(inputs)])
        review = Review(
            subject,
            inputs,
            self,
            driven=gate.driven if waits else None,
            replaces=args.get("replace_when_immutable", False),
            ignored=args.get("ignore_rules", []),
            autoscale=autoscale.limits(args["autoscale"], initial) if "autoscale" in args else None,
            has_custom_data=has_custom_data,
        )
        first = [as_found.must_be_first(subject, self)] if "adopt" in args else []
        scale_set = compute.VirtualMachineScaleSet(
            name,
            resource_group_name=group,
            vm_scale_set_name=physical_name,
            **model.snake_top(model.with_secrets(inputs)),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=delivery.ready,
                # A replacement has another name, and the old set serves until the new one is there.
                delete_before_replace=False,
                # Without leave to replace the set keeps its name and place, and the review refuses what would need another one.
                ignore_changes=None if args.get("replace_when_immutable") else ["vmScaleSetName", "location"],
                hooks=_all_hooks(*first, review.hooks(), *([gate.watch()] if waits else [])),
                import_=args["adopt"]["scale_set_id"] if "adopt" in args else None,
                custom_timeouts=pulumi.CustomTimeouts(**args["timeouts"]) if "timeouts" in args else None,
            ),
        )
        setting = None
        if "autoscale" in args:
            common = {"resource_group_name": group, "location": location, "tags": tags or None}
            setting = autoscale.setting(name, args["autoscale"], initial, scale_set.id, common, self, args.get("ignore_rules", []))

        passed = gate.close(scale_set, scale_set.id) if waits else scale_set.id
        self._finish(scale_set, review.of_unchanged(scale_set, setting, passed))

    def _finish(self, scale_set: compute.VirtualMachineScaleSet, scale_set_id: pulumi.Output[str] | None = None) -> None:
        """Sets the outputs. *scale_set_id*: known when the gate is passed."""
        self.scale_set_id = scale_set.id if scale_set_id is None else scale_set_id
        self.scale_set_name = scale_set.name
        self.principal_id = scale_set.identity.apply(lambda identity: (identity and identity.principal_id) or "")
        self.register_outputs({"scaleSetId": self.scale_set_id, "scaleSetName": self.scale_set_name, "principalId": self.principal_id})


def find_problems(name: str, args: ScaleSetArgs) -> list[str]:
    """All that is wrong with arguments of the right shape: by themselves, and with the local files that they name."""
    return _read_local(name, args, Path.cwd()).problems


@dataclass(frozen=True)
class _Local:
    """What the local files gave, and all that is wrong with them and with the arguments."""

    extensions: list[definitions.Read]
    custom_data: pulumi.Input[str] | None
    problems: list[str]


def _read_local(name: str, args: ScaleSetArgs, base: Path) -> _Local:
    found = problems.find(name, args)
    extensions = definitions.read(args.get("extensions", []), args["os"], base, found, cloud_init="cloud_init" in args)
    return _Local(extensions, _custom_data(args, base, found), found)


def _custom_data(args: ScaleSetArgs, base: Path, found: list[str]) -> pulumi.Input[str] | None:
    if "custom_data" in args:
        return model.encoded(args["custom_data"])
    if "cloud_init" not in args:
        return None
    secret = problems.secret_parts(list(args["cloud_init"]), "cloudInit")
    if secret:
        found.extend(secret)
        return None
    parts = [{camel(key): value for key, value in part.items()} for part in args["cloud_init"]]
    try:
        document = cloud_init.compose(parts, base)
        if find_sensitive(document.decode(errors="replace"), "cloudInit"):
            found.append(
                "cloudInit holds a signature or a key in plain text, readable on each instance. Pass it through protected settings of an extension."
            )
        return cloud_init.encode_custom_data(document)
    except PayloadError as error:
        found.extend(f"cloudInit: {problem}" for problem in error.problems)
        return None


def _image(subject: str, args: ScaleSetArgs, physical_name: str, parent: pulumi.Resource) -> pulumi.Input[str]:
    """The image string: with its version, where that is to be resolved, and looked up, where it is an image of one's own that exists already."""
    image, location = args["image"], args.get("location")
    version = args.get("image_version")
    if version is not None and version["resolve_latest"]:
        names = {"resourceGroupName": args["resource_group_name"], "vmScaleSetName": physical_name}
        image = resolved(subject, image, version, args["location"], names, parent)
    # One that is an output may be made in the same update.
    if location is None or not isinstance(args["image"], str) or parse(args["image"]).kind not in (ImageKind.GALLERY, ImageKind.MANAGED):
        return image
    trusted = model.security_type(args) is SecurityType.TRUSTED_LAUNCH
    looked_up: pulumi.Output[str] = pulumi.Output.all(image, location).apply(
        lambda known: fitting(subject, known[0], User(known[1], args["os"].value, trusted), args.get("ignore_rules", []), parent)
    )
    return looked_up


def _all_hooks(*bindings: pulumi.ResourceHookBinding) -> pulumi.ResourceHookBinding:
    """The hooks of all, in this order."""
    return pulumi.ResourceHookBinding(
        before_create=[hook for binding in bindings for hook in binding.before_create or ()],
        before_update=[hook for binding in bindings for hook in binding.before_update or ()],
    )
