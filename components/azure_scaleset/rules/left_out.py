"""The facts of the rules' source list that no check rests on, and why: docs/rules.md shows them, and a test counts them."""

import enum


class Reason(enum.StrEnum):
    """Why inputs aren't checked against a fact: a heading of docs/rules.md, and the sentence below it."""

    why: str

    def __new__(cls, name: str, why: str) -> "Reason":
        """*name*: the heading. *why*: the sentence."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.why = why
        return member

    FACT = "fact", "They say how Azure behaves, not what it refuses."
    STATE = "old state", "They compare old and new inputs of a scale set: [effects](effects.md) speaks of them."
    READ = "read call", "Only Azure can tell, and nobody asks it in a check."
    LATER = "known only later", "They show when the deployment runs."
    OTHER = "other resource", "They are about resources that these rules don't look at."
    COMPONENT = "component", "A component of this package sees to them."
    COVERED = "covered", "Another rule says it."


_FACTS = {
    "N21": "Changed passwords and keys don't reach living instances; `effects` says so.",
    "D3": "customData is read at first boot; `effects` says who gets a changed one.",
    "D8": "Who can read customData.",
    "X7": "What autoUpgradeMinorVersion and enableAutomaticUpgrade do.",
    "X9": "The default of enableAutomaticUpgrade in later API versions.",
    "X10": "What runs an extension again; the package derives the tag from the content.",
    "X15": "Extensions run again after a reimage.",
    "CL8": "The handler doesn't enforce CL2 to CL7 itself: why they are errors here.",
    "CL10": "What skipDos2Unix does.",
    "CL12": "timestamp runs the script again; CL1 refuses it in protected settings.",
    "CW6": "timestamp runs the script again.",
    "H3": "How each version of the handler reads an answer.",
    "U9": "How batches are formed; `rolling` computes them.",
    "U16": "What the settings of automatic OS image upgrade do.",
    "M13": "A rolling upgrade goes on after the update has succeeded; the rollout is waited for.",
    "O10": "What only Uniform sets can; O8, U8 and U17 refuse or warn of it in Flexible ones.",
    "O13": "How Flexible machines are named.",
    "C3": "The default of securityType in each API version.",
    "R4": "How many instances are repaired at a time. The application's start-up time isn't in the inputs.",
    "R10": "Planned maintenance.",
    "G4": "`latest` is resolved when an instance is made.",
    "Y7": "How the latest version of a gallery image is found.",
    "Q6": "Short names of images; `ScaleSet` has its own list.",
    "A17": "Program and autoscale both write the capacity; the component reads the living one.",
}
_STATE = {
    "N3": "The prefix can't be changed.",
    "N8": "The administrator's name can't be changed.",
    "D4": "customData can't be removed.",
    "H5": "Moving from version 1 of the health extension to 2.",
    "M1": "A changed capacity takes effect at once.",
    "M2": "Changed settings of the set as a whole touch no instance.",
    "M3": "A changed extension reaches instances by an update without restart.",
    "M4": "An added data disk reaches instances by an update.",
    "M5": "Changed interfaces and pools reach instances by an update.",
    "M6": "A changed size restarts instances.",
    "M7": "A changed image reimages instances.",
    "M8": "Changed custom data, password and keys reach new and reimaged instances only.",
    "M9": "Changed user data reaches instances by an update without restart.",
    "M10": "Zones can be added, not taken away.",
    "M11": "In mode Manual nothing reaches instances by itself.",
    "I1": "The number of fault domains.",
    "I2": "The orchestration mode.",
    "I3": "Prefix and administrator's name.",
    "I4": "Priority and eviction policy.",
    "I5": "Type and source of the OS disk.",
    "I6": "The kind of image.",
    "I7": "Publisher and offer of the image; sources disagree.",
    "I8": "Back to one placement group.",
    "I9": "Zones that are taken away.",
    "I10": "The virtual network.",
    "I11": "The proximity placement group.",
    "I12": "Region, plan, host group and security type.",
    "I14": "An update sends the whole model: what is missing is reset.",
}
_READ = {
    "N16": "Whether a gallery image is specialized.",
    "D11": "Whether an image has cloud-init.",
    "CL15": "Whether an image's system is supported by the handler.",
    "S10": "The quota of the subscription: what is used already, by this set too, and what the same update frees aren't in one answer, so a preview could only guess.",
    "K11": "The region of a disk encryption set, and its rights.",
    "K12": "Whether image and size have NVMe.",
    "R11": "The kind of a storage account.",
    "G12": "Whether a gallery image was made from one with a plan.",
}
_LATER = {
    "D6": "Whether cloud-init succeeds; provisioning doesn't wait for it.",
    "CL11": "How long a script runs, and how it ends.",
}
_OTHER = {
    "G13": "An image that the same program removes: the order of the program's resources tells.",
    "V1": "Preparing and capturing a Linux machine.",
    "V2": "Preparing and capturing a Windows machine.",
    "V3": "A machine is generalized before it is captured.",
    "V4": "Generation and system of an image resource.",
    "V5": "Instances of Uniform sets can't be captured.",
    "V6": "Data disks of an image keep their numbers.",
    "Y3": "Properties of a gallery image that can't be changed.",
    "Y2": "Images of one gallery that have the same identifier.",
    "Y8": "endOfLifeDate is for information; whether it has passed depends on the day.",
    "Y9": "How many replicas suit how many machines; advice without a limit.",
    "B1": "Image Builder: the identity of a template.",
    "B2": "Image Builder: the source of a template.",
    "B3": "Image Builder: the steps of a template.",
    "B4": "Image Builder: files of a template.",
    "B5": "Image Builder: where a template's image goes.",
    "B6": "Image Builder: versions that a template makes.",
    "B7": "Image Builder: the time limit of a build.",
    "B8": "Image Builder: the machine that builds.",
    "B9": "Image Builder: the group in which it is built.",
    "B10": "Image Builder: running a template.",
    "B12": "Image Builder: source and destination agree.",
    "B13": "Image Builder: no source for trusted launch or confidential machines alone; source and destination support trusted launch, or neither does.",
    "Z4": "How to bring an old VHD over; Z3 names the way.",
    "L13": "A NAT gateway is the recommended way out; L12 asks for one.",
    "L14": "The subnets of an application gateway.",
    "L17": "The DNS label of a public address resource.",
}
_COMPONENT = {
    "B11": "Image templates can't be updated: `BuiltImage` makes another one.",
}
_COVERED = {
    "X16": "By X1: two extensions of one handler are refused, whatever their versions.",
    "Q4": "By U14, which warns of images that Azure's list doesn't have, where Azure isn't asked.",
    "X17": "By L12, where the resources around the scale set are known.",
    "U18": "By S11, which counts the surplus machines.",
    "O12": "By L12, where the resources around the scale set are known.",
    "Z2": "By Z3, which refuses unmanaged disks altogether.",
}

LEFT_OUT: dict[str, tuple[Reason, str]] = {
    id: (reason, text)
    for reason, facts in (
        (Reason.FACT, _FACTS),
        (Reason.STATE, _STATE),
        (Reason.READ, _READ),
        (Reason.LATER, _LATER),
        (Reason.OTHER, _OTHER),
        (Reason.COMPONENT, _COMPONENT),
        (Reason.COVERED, _COVERED),
    )
    for id, text in facts.items()
}
"""Id of the fact -> why no check rests on it, and what it is about."""
