"""Builds of Image Builder: what the preview says of one, how it is begun, and what a failed one comes to."""

import threading
from typing import Any, cast

import pytest

from azure_scaleset.images.artifact import ImageError
from azure_scaleset.images.build import auto_run, build, foreseen
from azure_scaleset.images.chosen import MADE_TAG, Chosen
from azure_scaleset.images.gate import Doubtful
from azure_scaleset.rollout.arm import Arm, ArmError
from azure_scaleset.rules.value import UNKNOWN
from tests.unit.images.builder import IMAGE, TEMPLATE, Builder
from tests.unit.offline.images.workshop import Workshop
from tests.unit.rollout.transport import Wire

VERSION = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/d/versions/1.0.0"
SUBJECT = "BuiltImage 'web'"
CHECK = {"inVMValidations": [{"type": "Shell", "name": "check", "inline": ["exit 3"]}]}


class Empty:
    """An Azure without the version."""

    def get(self, *_: Any, **__: Any) -> dict[str, Any]:
        """Nothing."""
        raise ArmError(404, "ResourceNotFound", "nothing")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("/templates/web-1", "d/1.0.0 will be built by web-1 of a:b:c:1.0.0"),
        (UNKNOWN, "d/1.0.0 will be built of a:b:c:1.0.0"),
    ],
)
def test_what_is_not_known_yet_is_left_out(template: object, expected: str) -> None:
    """The number of the version may be known before the template's name is."""
    wanted = {"id": VERSION, "body": body(), "template": template, "base": "a:b:c:1.0.0"}
    assert foreseen(cast(Arm, Empty()), SUBJECT, wanted, []) == expected


@pytest.fixture
def builder(workshop: Workshop) -> Builder:
    """An Azure with a definition, and an identity that may write into it."""
    return Builder(workshop)


def body(mark: str = "", *others: str, **profile: Any) -> dict[str, Any]:
    """The wanted version, published in West Europe and in *others*."""
    regions = [{"name": name, "regionalReplicaCount": 1} for name in ("westeurope", *others)]
    tags = Chosen(IMAGE, "abc", mark, there=True).tags({})
    return {"location": "westeurope", "tags": tags, "properties": {"publishingProfile": {"targetRegions": regions, **profile}}}


def built(arm: Arm, mark: str = "") -> str:
    """What is done about the version."""
    return build(arm, {"id": IMAGE, "template": TEMPLATE, "base": "b", "body": body(mark)}, lambda _: None, threading.Event())


def runs(builder: Builder) -> int:
    """How many builds there were."""
    return len(builder.workshop.arm.store.events("imageBuild"))


@pytest.mark.parametrize("by_itself", [False, True])
def test_one_build_is_begun(arm: Arm, builder: Builder, by_itself: bool) -> None:
    """Also where Azure begins it, which no run shows for a while. With a version nothing is built; a version that somebody deleted is built again, with its new mark."""
    builder.submit(autoRun={"state": "Enabled" if by_itself else "Disabled"})
    assert built(arm, "one") == "built web/1.0.0"
    assert runs(builder) == 1
    assert built(arm, "one") == "web/1.0.0 is there already: used again"

    builder.workshop.done("DELETE", IMAGE)
    assert built(arm, "two") == "built web/1.0.0"
    assert (runs(builder), builder.workshop.arm.read(IMAGE)["tags"][MADE_TAG]) == (2, "two")


def test_the_preview_says_what_is_written(arm: Arm, builder: Builder) -> None:
    """Where the version is there, what changes where it is published; what the rules of a version find and what can't be changed is refused, also of one that is to be built."""

    def said(version: dict[str, Any], *ignored: str) -> str:
        return foreseen(arm, SUBJECT, {"id": IMAGE, "template": TEMPLATE, "base": "b", "body": version}, ignored)

    many = {"name": "westeurope", "regionalReplicaCount": 101}
    with pytest.raises(ValueError, match=r"(?s)BuiltImage 'web'.*regionalReplicaCount is 101"):
        said(body(targetRegions=[many]))
    builder.submit()
    built(arm)
    assert said(body()) == "web/1.0.0 is there already: it is used again; nothing is built"
    assert said(body("", "northeurope")) == (
        "web/1.0.0 is there already: it is used again, published otherwise: northeurope is added (1 replica); nothing is built"
    )
    with pytest.raises(ValueError, match="regionalReplicaCount is 101"):
        said(body(targetRegions=[many]))
    with pytest.raises(
        ValueError,
        match=r"web/1\.0\.0 is there already\. destination\.storageAccountType is Premium_LRS, and the version is stored as Standard_LRS",
    ):
        said(body(storageAccountType="Premium_LRS"))
    assert said(body(storageAccountType="Premium_LRS"), "Y6").startswith("web/1.0.0 is there already")


@pytest.mark.parametrize(
    ("template", "there", "expected"),
    [
        (None, False, {"state": "Enabled"}),
        # On a way back: the version is there, and a build would be for nothing.
        (None, True, None),
        ({"properties": {"autoRun": {"state": "Enabled"}}}, True, {"state": "Enabled"}),
        ({"properties": {"autoRun": {"state": "Disabled"}}}, False, None),
        ({"properties": {}}, False, None),
    ],
)
def test_a_template_begins_by_itself_where_somebody_waits(template: Any, there: bool, expected: Any) -> None:
    """And one that is there stays as it is."""
    assert auto_run(template, Chosen(IMAGE, "abc", "", there)) == expected


def test_a_failed_validation_fails_unless_it_may_go_on(arm: Arm, builder: Builder) -> None:
    """Azure calls the run failed in either case: where the image is distributed even so it is there, and what is said is a warning."""
    builder.submit(validate=CHECK)
    with pytest.raises(ImageError, match=r"(?s)ended as Failed.*Next: mend the step"):
        built(arm)
    builder.workshop.done("DELETE", TEMPLATE)
    builder.submit(validate={**CHECK, "continueDistributeOnFailure": True})
    done = built(arm)
    assert isinstance(done, Doubtful)
    assert done.startswith("built web/1.0.0, as validation.continueOnFailure wants it, although\nthe build web ended as Failed")


def test_a_failed_step_fails_also_where_a_validation_may(arm: Arm, builder: Builder) -> None:
    """Then there is no version."""
    step = {"type": "Shell", "name": "install", "inline": ["exit 100"]}
    builder.submit(customize=[step], validate={**CHECK, "continueDistributeOnFailure": True})
    with pytest.raises(ImageError, match="the build web ended as Failed"):
        built(arm)


def test_a_version_that_azure_failed_to_make_is_none(arm: Arm, wire: Wire, builder: Builder) -> None:
    """Also where a failed validation may go on: the build failed, and nothing is written in the version's place."""
    store = builder.workshop.arm.store

    def fail(_: int) -> None:
        version = store.get(IMAGE)
        if version is not None:
            with store.transaction():
                store.delete_document("provisioning", version["id"], "operation")
                store.put(IMAGE, version["type"], {**version, "properties": {**version["properties"], "provisioningState": "Failed"}})

    builder.submit(validate={**CHECK, "continueDistributeOnFailure": True})
    wire.before = fail
    with pytest.raises(ImageError, match=r"(?s)the build web ended as Failed: During the image build .*Next: mend the step"):
        built(arm)
    assert wire.count("PUT") == 0


def test_a_template_that_was_refused_or_is_gone_is_told(arm: Arm, builder: Builder) -> None:
    """The refused one is deleted: after a refresh Pulumi makes it again."""
    builder.identity("stranger")
    assert builder.submit(identity="stranger") is not None
    with pytest.raises(
        ImageError, match=r"has refused the template web: Not authorized.*It is deleted\. Next: mend that, then `pulumi refresh`"
    ):
        built(arm)
    with pytest.raises(ImageError, match="the template web is gone, and nothing can be built"):
        built(arm)
