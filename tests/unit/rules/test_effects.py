"""What a change of a scale set does to the running instances."""

import copy
from typing import Any

import pytest

from azure_scaleset.rules.effect import Driven, Effect, EffectKind, Reach
from azure_scaleset.rules.effects import effects
from azure_scaleset.rules.value import UNKNOWN

K = EffectKind
GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/web/providers"
NETWORK = f"{GROUP}/Microsoft.Network"
IMAGES = f"{GROUP}/Microsoft.Compute"
PROFILE = "virtualMachineProfile"
INTERFACES = f"{PROFILE}.networkProfile.networkInterfaceConfigurations"
EXTENSIONS = f"{PROFILE}.extensionProfile.extensions"
IMAGE = f"{PROFILE}.storageProfile.imageReference"

MODEL: dict[str, Any] = {
    "resourceGroupName": "web",
    "vmScaleSetName": "web-1",
    "location": "westeurope",
    "orchestrationMode": "Uniform",
    "sku": {"name": "Standard_D2s_v5", "tier": "Standard", "capacity": 10},
    "overprovision": False,
    "singlePlacementGroup": False,
    "tags": {"env": "dev", "policy": "on"},
    "identity": {"type": "UserAssigned", "userAssignedIdentities": [f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/reader"]},
    "upgradePolicy": {"mode": "Rolling"},
    "virtualMachineProfile": {
        "osProfile": {
            "computerNamePrefix": "web",
            "adminUsername": "azureuser",
            "adminPassword": "hush-hush-1",
            "customData": "aHVzaC1odXNoLTI=",
            "linuxConfiguration": {
                "ssh": {"publicKeys": [{"path": "/home/azureuser/.ssh/authorized_keys", "keyData": "ssh-rsa hush-hush-3"}]}
            },
        },
        "userData": "aHVzaC1odXNoLTQ=",
        "storageProfile": {
            "imageReference": {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "24.4.1"},
            "osDisk": {"createOption": "FromImage", "managedDisk": {"storageAccountType": "StandardSSD_LRS"}},
            "dataDisks": [{"lun": 0, "createOption": "Empty", "diskSizeGB": 10}],
        },
        "networkProfile": {
            "networkInterfaceConfigurations": [
                {
                    "name": "nic",
                    "primary": True,
                    "ipConfigurations": [
                        {
                            "name": "primary",
                            "subnet": {"id": f"{NETWORK}/virtualNetworks/net/subnets/a"},
                            "loadBalancerBackendAddressPools": [{"id": f"{NETWORK}/loadBalancers/lb/backendAddressPools/one"}],
                        }
                    ],
                }
            ]
        },
        "extensionProfile": {
            "extensions": [
                {
                    "name": "install",
                    "publisher": "Microsoft.Azure.Extensions",
                    "type": "CustomScript",
                    "typeHandlerVersion": "2.1",
                    "settings": {"commandToExecute": "hush-hush-5"},
                    "protectedSettings": {"script": "hush-hush-6"},
                },
                {
                    "name": "health",
                    "publisher": "Microsoft.ManagedServices",
                    "type": "ApplicationHealthLinux",
                    "typeHandlerVersion": "1.0",
                    "settings": {"protocol": "tcp", "port": 80},
                    "provisionAfterExtensions": ["install"],
                },
            ]
        },
    },
}
"""A model with something of everything; every secret in it contains "hush-hush", or its base64."""


def changed(changes: dict[str, Any], model: dict[str, Any] = MODEL) -> dict[str, Any]:
    """*model* with other values at some paths (list items by number: `dataDisks.0.lun`); None removes."""
    result = copy.deepcopy(model)
    for path, value in changes.items():
        place: Any = result
        *parents, last = path.split(".")
        for key in parents:
            place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
        if isinstance(place, list):
            place[int(last) : int(last) + 1] = [] if value is None else [value]
        elif value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return result


def only(changes: dict[str, Any], **options: Any) -> Effect:
    """The one effect that *changes* of the model have."""
    found = effects(MODEL, changed(changes), **options)
    assert len(found) == 1, found
    return found[0]


def test_a_creation_has_no_effects() -> None:
    """Without old inputs nothing runs that could be hit."""
    assert effects(None, MODEL) == []


def test_no_change_has_no_effects() -> None:
    """Equal inputs, and numbers that came as floats, are no change."""
    assert effects(MODEL, copy.deepcopy(MODEL)) == []
    assert effects(MODEL, changed({"sku.capacity": 10.0})) == []


def test_order_of_items_means_nothing() -> None:
    """Extensions, disks, interfaces and pools in another order are no change."""
    more = changed(
        {
            f"{PROFILE}.storageProfile.dataDisks.1": {"lun": 1, "createOption": "Empty", "diskSizeGB": 20},
            f"{INTERFACES}.1": {"name": "second", "ipConfigurations": [{"name": "a"}, {"name": "b"}]},
            "zones": ["1", "2"],
        }
    )
    turned = copy.deepcopy(more)
    profile = turned["virtualMachineProfile"]
    for items in (
        turned["zones"],
        profile["storageProfile"]["dataDisks"],
        profile["extensionProfile"]["extensions"],
        profile["networkProfile"]["networkInterfaceConfigurations"],
        profile["networkProfile"]["networkInterfaceConfigurations"][1]["ipConfigurations"],
    ):
        items.reverse()
    assert turned != more
    assert effects(more, turned) == []


def test_saying_a_default_aloud_is_no_change() -> None:
    """What Azure takes where a property is left out may be named, and left out again."""
    loud = changed(
        {
            "platformFaultDomainCount": 5,
            "upgradePolicy.rollingUpgradePolicy": {"maxBatchInstancePercent": 20, "pauseTimeBetweenBatches": "PT0S"},
            f"{PROFILE}.priority": "regular",
            f"{PROFILE}.securityProfile.securityType": "Standard",
            f"{EXTENSIONS}.0.suppressFailures": False,
            "location": "West Europe",
        }
    )
    assert effects(MODEL, loud) == []
    assert effects(loud, MODEL) == []


def test_whole_effect() -> None:
    """An effect says the property, what changed, and what happens to how many instances and when."""
    assert only({"sku.name": "Standard_D4s_v5"}) == Effect(
        path="sku.name",
        kind=K.RESTART,
        message="sku.name Standard_D2s_v5 -> Standard_D4s_v5: each of 10 instances restarts (if its hardware lacks the size, all must be deallocated first), "
        "in at least 5 batches of at most 2 (Rolling).",
        rule="M6",
        old="Standard_D2s_v5",
        new="Standard_D4s_v5",
        reach=Reach("Rolling", 10, 5, 2),
    )


@pytest.mark.parametrize(
    ("mode", "end"),
    [
        ("Manual", "Manual: 10 instances stay on the old model until you run `scaleset rollout`; each then runs it again."),
        ("Automatic", "each of 10 instances runs it again, all at once (Automatic)."),
        ("Rolling", "each of 10 instances runs it again, in at least 5 batches of at most 2 (Rolling)."),
    ],
)
def test_upgrade_mode_says_when(mode: str, end: str) -> None:
    """The mode decides when the instances get the model."""
    old = changed({"upgradePolicy.mode": mode})
    (effect,) = effects(old, changed({f"{EXTENSIONS}.0.forceUpdateTag": "2"}, old))
    assert effect.message == f"{EXTENSIONS}[install] (forceUpdateTag absent -> 2): {end}"
    assert effect.reach.mode == mode


def test_the_new_mode_counts() -> None:
    """A mode that arrives with a change already decides about that change."""
    found = effects(MODEL, changed({"upgradePolicy.mode": "Manual", "sku.name": "Standard_D4s_v5"}))
    assert [(effect.path, effect.kind, effect.reach) for effect in found] == [
        ("sku.name", K.RESTART, Reach("Manual", 10)),
        ("upgradePolicy.mode", K.NOTHING, Reach("Manual", 10)),
    ]


def test_unknown_mode_is_not_guessed() -> None:
    """With an unknown mode the effect of the change is told, and that its time isn't known."""
    found = effects(MODEL, changed({"upgradePolicy.mode": UNKNOWN, "sku.name": "Standard_D4s_v5"}))
    assert [(effect.path, effect.kind) for effect in found] == [("sku.name", K.RESTART), ("upgradePolicy.mode", K.NOT_KNOWN)]
    assert "each of 10 instances restarts" in found[0].message
    assert found[0].message.endswith("when, upgradePolicy.mode doesn't tell yet.")


def test_live_number_of_instances_counts() -> None:
    """The number that runs is told, not the one the last update wrote, and a set that autoscale moved is cut to what the inputs say (T1)."""
    found = effects(MODEL, changed({f"{PROFILE}.userData": "bmV3"}), instances=12)
    assert [(effect.path, effect.kind) for effect in found] == [("sku.capacity", K.DELETE), (f"{PROFILE}.userData", K.IN_PLACE)]
    assert found[0].message == (
        "sku.capacity 12 -> 10 (12 run now, 10 by the last update): 2 of 12 instances are deleted at once: "
        "zones and fault domains are balanced, then those with the highest ids go (Default); to keep them set the capacity to 12."
    )
    assert found[1].reach == Reach("Rolling", 10, 5, 2)


@pytest.mark.parametrize(
    ("policy", "which"),
    [
        (None, "zones and fault domains are balanced, then those with the highest ids go (Default)"),
        ({"rules": ["OldestVM"]}, "zones are balanced, then the oldest go (OldestVM)"),
        ({"rules": ["NewestVM"]}, "zones are balanced, then the newest go (NewestVM)"),
    ],
)
def test_scale_in_says_which_go(policy: Any, which: str) -> None:
    """Fewer instances: how many are deleted, and by which policy they are chosen."""
    old = changed({"scaleInPolicy": policy})
    (effect,) = effects(old, changed({"sku.capacity": 7}, old))
    assert (effect.kind, effect.message) == (K.DELETE, f"sku.capacity 10 -> 7: 3 of 10 instances are deleted at once: {which}.")


def test_scale_out_leaves_the_running_ones() -> None:
    """More instances: those that run stay."""
    effect = only({"sku.capacity": 11})
    assert (effect.kind, effect.message) == (
        K.NEW_INSTANCES,
        "sku.capacity 10 -> 11: 1 instance is made with the new model; the 10 running ones stay.",
    )


def test_custom_data_reaches_new_instances_only() -> None:
    """Whatever the mode, a running instance keeps the old document until it is reimaged (D3)."""
    for mode in ("Manual", "Rolling", "Automatic"):
        old = changed({"upgradePolicy.mode": mode})
        (effect,) = effects(old, changed({f"{PROFILE}.osProfile.customData": "bmV3"}, old))
        assert effect.kind is K.NEW_INSTANCES
        assert effect.message.endswith(
            "customData changed: new and reimaged instances get it; the 10 running ones keep the old until they are reimaged."
        )


def test_a_new_image_brings_custom_data() -> None:
    """An image change in the same update gives each instance a new OS disk, and so the new document."""
    image, data = effects(MODEL, changed({f"{PROFILE}.osProfile.customData": "bmV3", f"{IMAGE}.version": "24.4.2"}))
    assert (image.kind, data.kind) == (K.REIMAGE, K.NEW_INSTANCES)
    assert data.message.endswith("new and reimaged instances get it, the 10 running ones with the new OS disk that this update brings.")


def test_batches_keep_to_the_zones_of_the_instances() -> None:
    """Batches don't cross the zones in which instances run; zones that the update adds hold none yet."""
    old = changed({"zones": ["1", "2", "3"], "upgradePolicy.rollingUpgradePolicy.maxBatchInstancePercent": 50})
    assert [effect.reach for effect in effects(old, changed({"sku.name": "Standard_D4s_v5"}, old))] == [Reach("Rolling", 10, 3, 5)]
    regional = changed({"upgradePolicy.rollingUpgradePolicy.maxBatchInstancePercent": 50})
    found = effects(regional, changed({"sku.name": "Standard_D4s_v5", "zones": ["1", "2", "3"]}, regional))
    assert {effect.reach for effect in found} == {Reach("Rolling", 10, 2, 5)}


def test_max_surge_replaces_instances() -> None:
    """With maxSurge a change that otherwise only restarts makes new instances: what is on the old ones is lost."""
    old = changed({"upgradePolicy.rollingUpgradePolicy.maxSurge": True})
    (effect,) = effects(old, changed({f"{EXTENSIONS}.0.forceUpdateTag": "2"}, old))
    assert effect.kind is K.REIMAGE
    assert (
        "each of 10 instances is replaced by a new one, which is made first (maxSurge), in at least 5 batches of at most 2 (Rolling)"
        in effect.message
    )


def test_refusal_names_the_way_out() -> None:
    """What Azure refuses says property, both values and what can be done."""
    assert only({f"{PROFILE}.osProfile.adminUsername": "root2"}).message == (
        f"{PROFILE}.osProfile.adminUsername azureuser -> root2: Azure refuses it on a set that exists; "
        "put it back, or allow a replacement with replaceWhenImmutable: true, or deploy a second set."
    )


def test_removed_custom_data_is_refused() -> None:
    """customData can't be removed (D4), and the nearest way out is an empty document."""
    effect = only({f"{PROFILE}.osProfile.customData": None})
    assert (effect.kind, effect.rule, effect.sure) == (K.REFUSED, "D4", True)
    assert "send an empty document (`#cloud-config`), or allow a replacement" in effect.message


def test_allowed_replacement() -> None:
    """Where the caller replaces, the same change makes a new set."""
    effect = only({f"{PROFILE}.priority": "Spot", "sku.capacity": 10}, replace_when_immutable=True)
    assert effect.kind is K.REPLACE
    assert effect.message.endswith(
        "priority Regular (default) -> Spot: Azure refuses it on a set that exists: a new set of 10 instances is made, then this one is deleted."
    )


def test_a_replacement_that_fails_as_well_is_not_offered() -> None:
    """An extension that others wait for is missing in a new set too (X3): the mend is the only way out."""
    effect = only({f"{EXTENSIONS}.0": None}, replace_when_immutable=True)
    assert (effect.kind, effect.sure) == (K.REFUSED, True)
    assert (
        effect.message
        == f"{EXTENSIONS}[install] removed: Azure refuses it on a set that exists; remove its name from their provisionAfterExtensions."
    )


def test_a_doubtful_refusal_replaces_nothing() -> None:
    """A set isn't replaced for a change that Azure may accept."""
    effect = only({f"{PROFILE}.billingProfile.maxPrice": 0.5}, replace_when_immutable=True)
    assert (effect.kind, effect.sure) == (K.REFUSED, False)
    assert "maxPrice -1 (default) -> 0.5: Azure may refuse it on a set that exists; deallocate all instances first, or" in effect.message


def test_what_azure_chose_is_not_a_sure_refusal() -> None:
    """A property that was left out, and for which Azure chose a value nobody knows, may be named without a sure refusal."""
    old = changed({f"{PROFILE}.osProfile.computerNamePrefix": None})
    (effect,) = effects(old, MODEL)
    assert (effect.kind, effect.sure) == (K.REFUSED, False)
    assert "if Azure has that value already, nothing changes" in effect.message


def test_default_by_zones() -> None:
    """The default of a fault domain count depends on the zones (O4), and adding zones alone doesn't change it."""
    assert [effect.path for effect in effects(MODEL, changed({"zones": ["1", "2"]}))] == ["zones"]
    zonal = changed({"zones": ["1"]})
    assert effects(zonal, changed({"platformFaultDomainCount": 1}, zonal)) == []
    assert only({"platformFaultDomainCount": 1}).message.startswith("platformFaultDomainCount 5 (default) -> 1: Azure refuses it")


def test_removed_tags_and_identities_are_named() -> None:
    """A full PUT removes what others had added, so it is said by name (T16)."""
    tags, identity = (only({"tags": {"env": "dev"}}), only({"identity.userAssignedIdentities": []}))
    assert tags.message == "tags (policy on -> absent): the running instances stay as they are; policy goes, whoever set it."
    assert "-userAssignedIdentities/reader" in identity.message
    assert "; reader goes, and what used it gets no more tokens" in identity.message


def test_automatic_upgrades_go_by_the_rolling_policy_in_any_mode() -> None:
    """Automatic extension and OS image upgrades roll, also in mode Manual (T26)."""
    old = changed({"upgradePolicy": {"mode": "Manual", "rollingUpgradePolicy": {"maxBatchInstancePercent": 50}}})
    (extension,) = effects(old, changed({f"{EXTENSIONS}.1.enableAutomaticUpgrade": True}, old))
    assert extension.message.endswith(
        "; from then on Azure upgrades it by itself, in at least 2 batches of at most 5, whatever the upgrade mode."
    )
    for use, batches in ((True, "in at least 2 batches of at most 5"), (False, "in at least 5 batches of at most 2")):
        policy = {"enableAutomaticOSUpgrade": True, "useRollingUpgradePolicy": use}
        found = effects(old, changed({"upgradePolicy.automaticOSUpgradePolicy": policy}, old))
        assert batches in found[0].message
        assert (found[0].rule, found[0].sure) == ("T26", False)


def test_rolling_policy_change_shows_its_arithmetic() -> None:
    """Another batch percentage says what later upgrades will look like."""
    effect = only({"upgradePolicy.rollingUpgradePolicy.maxBatchInstancePercent": 50})
    assert effect.message == (
        "upgradePolicy.rollingUpgradePolicy (maxBatchInstancePercent 20 (default) -> 50): later upgrades follow it: 10 instances in at least 2 batches of at most 5."
    )


def test_image_of_another_kind_is_shown_briefly() -> None:
    """Both images are named, the custom one by the end of its id."""
    effect = only({IMAGE: {"id": f"{IMAGES}/images/golden"}})
    assert effect.message.startswith(f"{IMAGE} Canonical:ubuntu-24_04-lts:server:24.4.1 -> images/golden: Azure refuses it")


def test_subnets_are_told_apart() -> None:
    """A subnet of another network is shown with its network."""
    effect = only({f"{INTERFACES}.0.ipConfigurations.0.subnet.id": f"{NETWORK}/virtualNetworks/other/subnets/a"})
    assert effect.path == f"{INTERFACES}[nic].ipConfigurations[primary].subnet"
    assert "virtualNetworks/net/subnets/a -> virtualNetworks/other/subnets/a" in effect.message


def test_unknown_values_are_not_guessed() -> None:
    """An unknown leaf, list or subtree is named as such, and the known rest is still judged."""
    pool = f"{INTERFACES}.0.ipConfigurations.0.loadBalancerBackendAddressPools.0.id"
    found = effects(MODEL, changed({pool: UNKNOWN, "sku.name": UNKNOWN, "upgradePolicy.mode": "Manual"}))
    assert [(effect.path, effect.kind, effect.sure) for effect in found] == [
        ("sku.name", K.NOT_KNOWN, False),
        (f"{INTERFACES}[nic].ipConfigurations[primary].loadBalancerBackendAddressPools", K.NOT_KNOWN, False),
        ("upgradePolicy.mode", K.NOTHING, True),
    ]
    assert found[0].message == "sku.name is not known before the update: what it does to the instances shows only then."
    assert [effect.path for effect in effects(MODEL, changed({PROFILE: UNKNOWN}))] == [PROFILE]
    assert [effect.path for effect in effects(MODEL, UNKNOWN)] == [""]


def test_unknown_on_both_sides_is_not_known_either() -> None:
    """Two unknown values may differ."""
    both = changed({f"{EXTENSIONS}.0.settings.commandToExecute": UNKNOWN})
    assert [(effect.path, effect.kind) for effect in effects(both, both)] == [(f"{EXTENSIONS}[install]", K.NOT_KNOWN)]


def test_a_changed_script_whose_address_is_unknown_runs_again() -> None:
    """An extension of which a known part differs runs again, whatever the unknown part will be."""
    new = changed({f"{EXTENSIONS}.0.settings.commandToExecute": UNKNOWN, f"{EXTENSIONS}.0.forceUpdateTag": "another"})
    (found,) = effects(MODEL, new)
    assert (found.kind, found.sure) == (EffectKind.IN_PLACE, True)


def test_one_line_whatever_is_in_names_and_values() -> None:
    """Line breaks in keys and values don't break the message."""
    found = effects(MODEL, changed({"tags": {"env": "a\nb"}, "a\nb": "c\r\nd"}))
    assert [effect.message.splitlines() == [effect.message] for effect in found] == [True, True]


def test_worst_first() -> None:
    """Effects come in order of what they do, then of path."""
    new = changed(
        {
            "tags.env": "prod",
            "sku.name": "Standard_D4s_v5",
            "sku.capacity": 3,
            f"{PROFILE}.priority": "Spot",
            f"{IMAGE}.version": "24.4.2",
            "overprovision": True,
        }
    )
    assert [effect.kind for effect in effects(MODEL, new)] == [K.REFUSED, K.DELETE, K.REIMAGE, K.RESTART, K.NOTHING, K.NOTHING]


def test_kinds_are_ordered() -> None:
    """Kinds compare by how hard they hit."""
    assert sorted(K, reverse=True)[0] is K.REFUSED
    assert K.NOTHING < K.NEW_INSTANCES < K.IN_PLACE < K.RESTART < K.REIMAGE < K.DELETE < K.REPLACE < K.REFUSED
    assert max(K.REIMAGE, K.RESTART) is K.REIMAGE
    assert not K.NOTHING > K.NOTHING
    assert K.NOTHING >= K.NOTHING
    assert K.NOTHING <= K.NOTHING


@pytest.mark.parametrize(
    ("instances", "words"),
    [(0, "it hits no running instance; new ones get it"), (1, "the one instance restarts"), (None, "each of 10 instances restarts")],
)
def test_number_of_instances_in_words(instances: int | None, words: str) -> None:
    """None, one and many read naturally."""
    new = changed({"sku.name": "Standard_D4s_v5"})
    assert words in next(effect for effect in effects(MODEL, new, instances=instances) if effect.path == "sku.name").message


def test_unknown_number_of_instances() -> None:
    """Without a number nobody counts."""
    old = changed({"sku.capacity": UNKNOWN})
    found = effects(old, changed({"sku.name": "Standard_D4s_v5"}, old))
    assert [effect.reach.instances for effect in found] == [None, None]
    assert "each running instance restarts" in next(effect for effect in found if effect.path == "sku.name").message


@pytest.mark.parametrize(
    ("driven", "told"),
    [
        (None, "new instances get it; the 10 running ones never do: delete them and scale out to replace them."),
        (
            Driven(2, frozenset({f"{PROFILE}.osProfile.customData"})),
            "new instances get it; the 10 running ones never do, and this update stops at them unless `rollout.reimage: never`: delete them and scale out to "
            "replace them.",
        ),
        (Driven(2), "new instances get it; the 10 running ones never do: delete them and scale out to replace them."),
    ],
)
def test_custom_data_of_a_flexible_set(driven: Driven | None, told: str) -> None:
    """Its instances are virtual machines, which no reimage gives other custom data: it isn't promised, not even where `up` reimages, nor with a new image."""
    flexible = changed({"orchestrationMode": "Flexible", "platformFaultDomainCount": 1, "upgradePolicy.mode": "Manual"})
    new = changed({f"{PROFILE}.osProfile.customData": "b3RoZXI=", f"{IMAGE}.version": "24.4.2"}, flexible)

    found = {effect.path: effect for effect in effects(flexible, new, driven=driven)}

    assert found[f"{PROFILE}.osProfile.customData"].kind is K.NEW_INSTANCES
    assert found[f"{PROFILE}.osProfile.customData"].message.endswith(told)
    assert (found[IMAGE].kind, found[IMAGE].sure) == (K.REIMAGE, False)
