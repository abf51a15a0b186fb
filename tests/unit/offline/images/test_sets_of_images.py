"""Scale sets made from each kind of image: what comes up, and what each mistake gives."""

from typing import Any

import pytest

from tests.unit.offline.arm import GROUP
from tests.unit.offline.compute.world import extension, health
from tests.unit.offline.images.workshop import (
    DEFINITION,
    GALLERY,
    GENERATION_1,
    GENERATION_2,
    IMAGE,
    MACHINE,
    SET,
    VERSION,
    Workshop,
    changed,
    code_of,
    version,
)

TRUSTED: Any = {"securityType": "TrustedLaunch"}
OF_GENERATION_1: Any = {"hyperVGeneration": "V1", "features": []}


def managed_image(workshop: Workshop, source: str, path: str = IMAGE, **properties: Any) -> str:
    """A managed image of a machine; gives its id."""
    body = {"location": "westeurope", "properties": {"sourceVirtualMachine": {"id": source}, **properties}}
    workshop.done("PUT", path, body)
    return f"{GROUP}/providers/{path}"


def test_instance_of_a_version_says_which_one(workshop: Workshop) -> None:
    """A definition floats, and the instance has the exact version; a managed image has none."""
    workshop.generalized()
    workshop.definition()
    image = workshop.version()
    of_version = workshop.outcome(workshop.put_set({"id": image}, securityProfile=TRUSTED))
    reference = workshop.instance()["properties"]["storageProfile"]["imageReference"]
    managed = managed_image(workshop, workshop.generalized(GENERATION_1, f"{MACHINE}1"))
    workshop.outcome(workshop.put_set({"id": managed}, f"{SET}1"))
    plain = workshop.instance(f"{SET}1")["properties"]["storageProfile"]["imageReference"]
    assert (of_version, reference, plain) == (None, {"id": image, "exactVersion": "1.0.0"}, {"id": managed})


def with_automatic_upgrade(body: Any) -> Any:
    """A set that upgrades itself, and has the health signal that this needs."""
    policy = {"mode": "Manual", "automaticOSUpgradePolicy": {"enableAutomaticOSUpgrade": True}}
    profile = body["properties"]["virtualMachineProfile"]
    return changed(
        changed(body, "properties.upgradePolicy", policy),
        "properties.virtualMachineProfile",
        {**profile, "extensionProfile": {"extensions": [health()]}},
    )


def test_handler_state_in_an_image_keeps_the_extension_of_a_set_from_running(workshop: Workshop) -> None:
    """An image of a machine that ever ran a script: the set's own is said to have succeeded and has not run; its next change runs."""
    workshop.scripted()
    workshop.definition(**OF_GENERATION_1)
    image = {"id": workshop.version()}

    def runs() -> list[Any]:
        return [each for each in workshop.arm.store.events("extensionRun") if SET in each["subject"]]

    first = workshop.outcome(workshop.put_set(image, extensionProfile={"extensions": [extension()]}))
    view = workshop.arm.read(f"{SET}/virtualMachines/0/instanceView")["extensions"][0]["statuses"][0]
    early = len(runs())
    workshop.put_set(image, extensionProfile={"extensions": [extension(forceUpdateTag="2")]})
    answer = workshop.arm.call("POST", f"{SET}/manualupgrade", {"instanceIds": ["0"]})
    assert workshop.outcome(answer) is None
    assert (first, view["code"], "processed before" in view["message"], early, len(runs())) == (
        None,
        "ProvisioningState/succeeded",
        True,
        0,
        1,
    )


def test_image_that_was_never_prepared_does_not_come_up(workshop: Workshop) -> None:
    """Azure takes the mark of a machine that was not deprovisioned, and its instances time out."""
    workshop.machine(GENERATION_1)
    workshop.done("POST", f"{MACHINE}/deallocate")
    workshop.done("POST", f"{MACHINE}/generalize")
    image = managed_image(workshop, f"{GROUP}/providers/{MACHINE}")
    error = workshop.outcome(workshop.put_set({"id": image}))
    assert (error["code"], workshop.instance()["properties"]["provisioningState"]) == ("OSProvisioningTimedOut", "Failed")


def test_specialized_image_takes_no_profile_of_the_system(workshop: Workshop) -> None:
    """Its users and names are on the disk: with an osProfile it is refused, without one its instances come up."""
    workshop.machine()
    workshop.definition(osState="Specialized")
    image = {"id": workshop.version()}
    refused = code_of(workshop.put_set(image, securityProfile=TRUSTED))
    accepted = workshop.outcome(workshop.put_set(image, securityProfile=TRUSTED, osProfile=None))
    assert (refused, accepted) == ((400, "InvalidParameter"), None)


def test_security_type_must_be_the_images(workshop: Workshop) -> None:
    """An image of Trusted Launch makes nothing else, and a plain one no Trusted Launch."""
    workshop.generalized()
    workshop.definition()
    trusted = {"id": workshop.version()}
    managed = {"id": managed_image(workshop, workshop.generalized(GENERATION_1, f"{MACHINE}1"))}
    assert [code_of(workshop.put_set(trusted)), code_of(workshop.put_set(managed, securityProfile=TRUSTED))] == [(400, "BadRequest")] * 2


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ({"id": f"{GROUP}/providers/{IMAGE}"}, (404, "NotFound")),
        ({"id": f"{GROUP}/providers/{DEFINITION}"}, (404, "GalleryImageNotFound")),
        ({"communityGalleryImageId": "/CommunityGalleries/none/Images/web"}, (404, "GalleryImageNotFound")),
        ({**GENERATION_2, "sku": "none"}, (404, "PlatformImageNotFound")),
        (
            {"publisher": "kinvolk", "offer": "flatcar-container-linux-free", "sku": "stable-gen2", "version": "latest"},
            (400, "VMMarketplaceInvalidInput"),
        ),
    ],
)
def test_image_that_can_not_be_used(workshop: Workshop, image: Any, expected: tuple[int, str]) -> None:
    """What is not there, and what needs a plan."""
    assert code_of(workshop.put_set(image)) == expected


def test_version_that_is_only_elsewhere_or_excluded(workshop: Workshop) -> None:
    """A definition whose versions are all excluded means nothing; a version by its number can be used all the same."""
    workshop.generalized()
    workshop.definition()
    image = workshop.version(excludeFromLatest=True)
    floating = workshop.put_set({"id": image.partition("/versions/")[0]}, securityProfile=TRUSTED)
    exact = workshop.put_set({"id": image}, securityProfile=TRUSTED)
    assert (code_of(floating), workshop.outcome(exact)) == ((404, "GalleryImageNotFound"), None)


def test_managed_image_of_another_region_is_refused(workshop: Workshop) -> None:
    """A managed image is used where it is."""
    image = managed_image(workshop, workshop.generalized(GENERATION_1))
    stored = workshop.arm.store.get(image)
    assert stored is not None
    workshop.arm.store.put(image, stored["type"], {**stored, "location": "northeurope"})
    assert code_of(workshop.put_set({"id": image})) == (400, "InvalidParameter")


def test_kind_of_image_can_not_be_changed(workshop: Workshop) -> None:
    """A set of a platform image stays one."""
    workshop.generalized()
    workshop.definition()
    image = workshop.version()
    workshop.outcome(workshop.put_set(GENERATION_2, securityProfile=TRUSTED))
    answer = workshop.put_set({"id": image}, securityProfile=TRUSTED)
    assert (code_of(answer), (answer.body or {})["error"]["message"]) == (
        (400, "OperationNotAllowed"),
        "The Image type for a Virtual Machine Scale Set may not be changed.",
    )


def test_deleted_version_breaks_scale_out_and_nothing_else(workshop: Workshop) -> None:
    """Living instances stay and can be looked at; another one can't be made."""
    workshop.generalized()
    workshop.definition()
    image = workshop.version()
    workshop.outcome(workshop.put_set({"id": image}, securityProfile=TRUSTED))
    workshop.done("DELETE", VERSION)
    scaled = workshop.refused(SET, {"sku": {"name": "Standard_D2s_v5", "capacity": 2}}, "PATCH")
    assert (workshop.instance()["properties"]["provisioningState"], scaled) == ("Succeeded", (404, "GalleryImageNotFound"))


def test_what_azure_does_by_itself_may_find_no_image(workshop: Workshop) -> None:
    """An automatic upgrade whose image is gone does nothing and is in the log; other calls go on."""
    workshop.generalized()
    workshop.definition()
    image = workshop.version()
    workshop.outcome(workshop.put_set({"id": image.partition("/versions/")[0]}, securityProfile=TRUSTED))
    workshop.done("PUT", SET, with_automatic_upgrade(workshop.arm.read(SET)))
    workshop.done("DELETE", VERSION)
    workshop.arm.store.plan(f"{GROUP}/providers/{SET}", "osUpgrade", 0)
    assert workshop.instance()["properties"]["provisioningState"] == "Succeeded"
    assert [each["data"]["code"] for each in workshop.arm.store.events("refused")] == ["GalleryImageNotFound"]


def test_new_version_brings_automatic_os_upgrades(workshop: Workshop) -> None:
    """A set that follows a definition gets the version that arrives."""
    workshop.generalized()
    workshop.definition()
    image = workshop.version().partition("/versions/")[0]
    workshop.outcome(workshop.put_set({"id": image}, securityProfile=TRUSTED))
    workshop.done("PUT", SET, with_automatic_upgrade(workshop.arm.read(SET)))
    workshop.version(f"{DEFINITION}/versions/1.0.1")
    for _ in range(40):
        reference = workshop.instance()["properties"]["storageProfile"]["imageReference"]
    assert reference["exactVersion"] == "1.0.1"


def test_community_and_shared_galleries_are_read_and_used_by_their_own_names(workshop: Workshop) -> None:
    """Others see what has arrived in their region, under names that they can use as images."""
    workshop.generalized()
    info = {
        "publisherUri": "https://contoso.example",
        "publisherContact": "a@contoso.example",
        "eula": "none",
        "publicNamePrefix": "contoso",
    }
    sharing = {"permissions": "Community", "communityGalleryInfo": info}
    workshop.done("PUT", GALLERY, {"location": "westeurope", "properties": {"sharingProfile": sharing}})
    workshop.done("PUT", DEFINITION, definition_of_trusted_launch())
    workshop.version()
    workshop.done("POST", f"{GALLERY}/share", {"operationType": "EnableCommunity"})
    (name,) = workshop.arm.read(GALLERY)["properties"]["sharingProfile"]["communityGalleryInfo"]["publicNames"]
    place = f"{GROUP.partition('/resourceGroups/')[0]}/providers/Microsoft.Compute/locations/westeurope/communityGalleries/{name}"
    listed = workshop.arm.read(f"{place}/images/web/versions")["value"]
    image = {"communityGalleryImageId": listed[0]["identifier"]["uniqueId"]}
    assert workshop.outcome(workshop.put_set(image, securityProfile=TRUSTED)) is None
    elsewhere = workshop.arm.read(f"{place.replace('westeurope', 'uksouth')}/images/web/versions")["value"]
    assert (
        name.startswith("contoso-"),
        [each["name"] for each in listed],
        elsewhere,
        workshop.arm.read(f"{place}/images")["value"][0]["name"],
    ) == (
        True,
        ["1.0.0"],
        [],
        "web",
    )


def definition_of_trusted_launch() -> Any:
    """The body of the workshop's own definition."""
    properties = {
        "osType": "Linux",
        "osState": "Generalized",
        "hyperVGeneration": "V2",
        "features": [{"name": "SecurityType", "value": "TrustedLaunch"}],
        "identifier": {"publisher": "contoso", "offer": "web", "sku": "web"},
    }
    return {"location": "westeurope", "properties": properties}


def test_vhd_snapshot_and_disk_are_sources(workshop: Workshop) -> None:
    """A page blob, a snapshot of a disk and a managed image make versions of what the definition says; a block blob and a signed address don't."""
    store = workshop.arm.store
    workshop.generalized(GENERATION_1)
    disk = workshop.arm.read(MACHINE)["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"]
    copy = {"location": "westeurope", "properties": {"creationData": {"createOption": "Copy", "sourceResourceId": disk}}}
    workshop.done("PUT", "Microsoft.Compute/snapshots/copy", copy)
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/vhds"
    workshop.arm.made(account, {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}})
    url = "https://vhds.blob.core.windows.net/images/web.vhd"
    store.put_blob(url, b"", {"x-ms-blob-type": "PageBlob"})
    store.put_blob(url.replace("web", "block"), b"", {})
    workshop.definition(**OF_GENERATION_1)

    def of(source: Any) -> Any:
        body = version("/none")
        body["properties"]["storageProfile"] = {"osDiskImage": {"source": source}}
        return body

    workshop.done("PUT", VERSION, of({"uri": url, "storageAccountId": account}))
    workshop.done("PUT", VERSION.replace("1.0.0", "1.0.1"), of({"id": f"{GROUP}/providers/Microsoft.Compute/snapshots/copy"}))
    workshop.done("PUT", VERSION.replace("1.0.0", "1.0.2"), version(managed_image(workshop, f"{GROUP}/providers/{MACHINE}")))
    ups = [
        workshop.outcome(workshop.put_set({"id": f"{GROUP}/providers/{DEFINITION}/versions/1.0.{number}"}, f"{SET}{number}"))
        for number in range(3)
    ]
    wrong = [
        workshop.refused(VERSION.replace("1.0.0", "2.0.0"), of({"uri": each, "storageAccountId": account}))
        for each in (url.replace("web", "block"), f"{url}?sig=1", url.replace("web", "none"))
    ]
    assert (ups, wrong) == ([None] * 3, [(400, "InvalidParameter"), (400, "InvalidParameter"), (404, "BlobNotFound")])
