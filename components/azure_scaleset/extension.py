"""ScaleSetExtension: adds an extension to a scale set that exists already, whoever made it."""

import re
from pathlib import Path

import pulumi
from pulumi_azure_native import compute

from azure_scaleset import review_extension, review_rounds
from azure_scaleset.aliases import FAST
from azure_scaleset.balancer import joined
from azure_scaleset.errors import ArgumentError
from azure_scaleset.extension_arguments import ScaleSetExtensionArgs
from azure_scaleset.extension_written import check_written, parts, shown_digest
from azure_scaleset.extensions import custom_script, definitions, dsc
from azure_scaleset.extensions.context import Context
from azure_scaleset.model import with_secrets
from azure_scaleset.payload_store import Delivery
from azure_scaleset.rollout.change import changing, digest_of, mark
from azure_scaleset.rollout.gate import Gate
from azure_scaleset.scale_set_id import FORM, SCALE_SET_ID
from azure_scaleset.shape import fields, legible, read_fields


class ScaleSetExtension(pulumi.ComponentResource):
    """An extension of a scale set that exists already: made by hand, by `az`, by Terraform. It is rolled out to the running instances, and new ones get it by
    themselves. Azure is sent the extension alone: the rest of the model is never touched. Removing it takes it out of the model; instances lose it when they are
    upgraded next (`scaleset rollout`). Children: `<name>` (the extension), `<name>-model` and `<name>-rollout` (the gate of its rollout)."""

    extension_id: pulumi.Output[str]
    """Resource id of the extension, known when every instance runs it and serves."""

    def __init__(self, name: str, args: ScaleSetExtensionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("azure-scaleset:index:ScaleSetExtension", name, None, pulumi.ResourceOptions.merge(opts, FAST))
        subject = f"ScaleSetExtension '{name}'"
        found: list[str] = []
        args = read_fields(args, fields(ScaleSetExtensionArgs), "", found)  # type: ignore[assignment]  # it gives what its table says
        if not legible(found):
            raise ArgumentError(subject, found)
        extension = definitions.read_one(args["extension"], [args["extension"]], "extension", args["os"], Path.cwd(), found)
        found += _problems(args, extension)
        if found:
            raise ArgumentError(subject, found)

        scale_set_id: pulumi.Output[str] = pulumi.Output.from_input(args["scale_set_id"])
        place = scale_set_id.apply(lambda text: _place(subject, text))
        group, scale_set = place.apply(lambda known: known[0]), place.apply(lambda known: known[1])
        store = args.get("payload_store")
        # Nothing is made for it: what is uploaded needs a store that the instances can read, and `_problems` asks for one.
        delivery = Delivery(name, group, None, {}, self, store)
        defined = definitions.define(extension, Context(subject, args["os"], Path.cwd(), False, delivery))

        waits = args.get("rollout", {}).get("wait", True)
        change = changing(f"{name}-model", digest_of({"scaleSet": scale_set_id, "extension": defined}), self)
        wanted = {"change": change.id.apply(mark), "extension": extension.name, "shown": shown_digest(defined)}
        inputs = with_secrets(parts(defined, _KEYS))
        gate = Gate(name, args.get("rollout", {}), wanted, check_written, self, [args, inputs])
        reviewed = review_extension.review(
            subject,
            inputs,
            store["identity_id"] if store is not None and delivery.used else None,
            self,
            driven=gate.driven if waits else None,
            ignored=args.get("ignore_rules", []),
        )
        written = compute.VirtualMachineScaleSetExtension(
            name,
            resource_group_name=group,
            vm_scale_set_name=scale_set,
            vmss_extension_name=extension.name,
            **{_snake(key): value for key, value in inputs.items()},
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[*delivery.ready, change],
                # Azure has one extension of a handler (X1), so the new one can't stand beside the old one.
                delete_before_replace=True,
                hooks=joined(reviewed, *([gate.watch()] if waits else [])),
            ),
        )
        review_rounds.follow(written)
        self.extension_id = (
            pulumi.Output.all(written.id, gate.close(written, scale_set_id)).apply(lambda ids: ids[0]) if waits else written.id
        )
        self.register_outputs({"extensionId": self.extension_id})


_KEYS = (
    "publisher",
    "type",
    "typeHandlerVersion",
    "autoUpgradeMinorVersion",
    "forceUpdateTag",
    "provisionAfterExtensions",
    "settings",
    "protectedSettings",
)


def _problems(args: ScaleSetExtensionArgs, extension: definitions.Read) -> list[str]:
    content = extension.content
    uploads = (isinstance(content, custom_script.Content) and content.files is not None) or (
        isinstance(content, dsc.Content) and content.archive is not None
    )
    problems = []
    if uploads and "payload_store" not in args:
        problems.append(
            "payloadStore is missing. The local content is uploaded, and the instances read it with an identity that the scale set has. Give a container and "
            "such an identity, or a Linux script that fits into the extension itself (extension.customScript.script, up to 64 KiB)."
        )
    if isinstance(args["scale_set_id"], str) and not SCALE_SET_ID.fullmatch(args["scale_set_id"]):
        problems.append(f"scaleSetId is {args['scale_set_id']!r}. Expected {FORM}.")
    return problems


def _place(subject: str, scale_set_id: str) -> tuple[str, str]:
    """Group and name in the id of a scale set."""
    match = SCALE_SET_ID.fullmatch(scale_set_id)
    if match is None:
        raise ArgumentError(subject, [f"scaleSetId is {scale_set_id!r}. Expected {FORM}."])
    return match["group"], match["name"]


def _snake(key: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", key)
