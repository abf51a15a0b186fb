"""Virtual machines of their own: how they are made, stopped, prepared, marked."""

from tests.unit.offline.images.workshop import DEPROVISION, GENERATION_1, MACHINE, WINDOWS, Workshop, changed


def test_machine_runs_with_what_azure_fills_in(workshop: Workshop) -> None:
    """A machine of generation 2 is one of Trusted Launch, has a disk of its own, and shows no password."""
    workshop.machine()
    properties = workshop.arm.read(MACHINE)["properties"]
    disk = properties["storageProfile"]["osDisk"]
    assert (
        properties["securityProfile"]["securityType"],
        properties["osProfile"],
        properties["storageProfile"]["imageReference"]["exactVersion"],
        workshop.arm.read(disk["managedDisk"]["id"])["managedBy"].rpartition("/")[2],
        workshop.states(),
    ) == (
        "TrustedLaunch",
        {"adminUsername": "azureuser", "computerName": "build"},
        "24.04.202510010",
        "build",
        ["ProvisioningState/succeeded", "PowerState/running"],
    )


def test_machine_of_generation_1_has_no_security_type(workshop: Workshop) -> None:
    """Trusted Launch is the default of generation 2 only."""
    workshop.machine(GENERATION_1)
    assert "securityProfile" not in workshop.arm.read(MACHINE)["properties"]


def test_scheduled_deprovision_turns_the_machine_off_after_its_delay(workshop: Workshop) -> None:
    """Run-command comes back, and later the machine is off and its agent gone."""
    workshop.machine()
    answer = workshop.run(DEPROVISION.replace("=20", "=60"))
    states = [workshop.states()[-1] for _ in range(8)]
    assert (answer["value"][0]["code"], states[0], states[-1]) == (
        "ProvisioningState/succeeded",
        "PowerState/running",
        "PowerState/stopped",
    )


def test_deprovision_by_run_command_itself_never_comes_back(workshop: Workshop) -> None:
    """The agent that should report is gone: after 90 minutes the call fails, another one meanwhile is refused, and only stopping the machine ends it."""
    workshop.machine()
    asked = {"commandId": "RunShellScript", "script": ["waagent -deprovision+user -force"]}
    answer = workshop.arm.call("POST", f"{MACHINE}/runCommand", asked)
    second = workshop.arm.refused("POST", f"{MACHINE}/runCommand", asked)[:2]
    workshop.done("POST", f"{MACHINE}/deallocate")
    assert (second, (workshop.outcome(answer) or {})["code"]) == ((409, "Conflict"), "OperationPreempted")


def test_image_state_of_windows_is_read_by_run_command(workshop: Workshop) -> None:
    """Sysprep in a scheduled task leads to the state that says: generalized."""
    workshop.machine(WINDOWS)
    asks = "(Get-ItemProperty HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State).ImageState"
    before = workshop.run(asks, command="RunPowerShellScript")["value"][0]["message"]
    task = "Register-ScheduledTask -Trigger (New-ScheduledTaskTrigger -Once -At (Get-Date).AddSeconds(20)) sysprep.exe /generalize /oobe /mode:vm /quit"
    workshop.run(task, command="RunPowerShellScript")
    workshop.states()
    workshop.states()
    # From now on the agent doesn't answer; the state is on the disk.
    assert (before, workshop.states()[-1]) == ("IMAGE_STATE_COMPLETE", "PowerState/running")


def test_generalize_needs_a_machine_that_is_off(workshop: Workshop) -> None:
    """A running machine can't be marked; a marked one shows it, and never starts again."""
    workshop.machine()
    running = workshop.refused(f"{MACHINE}/generalize", None, "POST")
    workshop.done("POST", f"{MACHINE}/deallocate")
    workshop.done("POST", f"{MACHINE}/generalize")
    assert (running, workshop.states()[1], workshop.refused(f"{MACHINE}/start", None, "POST")) == (
        (409, "OperationNotAllowed"),
        "OSState/generalized",
        (409, "OperationNotAllowed"),
    )


def test_run_command_needs_a_running_machine(workshop: Workshop) -> None:
    """A stopped machine runs nothing."""
    workshop.machine()
    workshop.done("POST", f"{MACHINE}/powerOff")
    assert workshop.refused(f"{MACHINE}/runCommand", {"commandId": "RunShellScript", "script": ["true"]}, "POST") == (
        409,
        "OperationNotAllowed",
    )


def test_deleted_machine_leaves_disk_and_interface(workshop: Workshop) -> None:
    """What has no deleteOption stays, free; while the machine is there, neither can be deleted."""
    workshop.machine()
    disk = workshop.arm.read(MACHINE)["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"]
    held = [workshop.arm.refused("DELETE", each)[1] for each in (disk, "Microsoft.Network/networkInterfaces/build")]
    workshop.done("DELETE", MACHINE)
    left = workshop.arm.read(disk)
    workshop.done("DELETE", disk)
    workshop.done("DELETE", "Microsoft.Network/networkInterfaces/build")
    assert (held, left["properties"]["diskState"], left.get("managedBy")) == (["OperationNotAllowed", "NicInUse"], "Unattached", None)


def test_what_can_not_be_changed(workshop: Workshop) -> None:
    """Names, users and the image are fixed; a size changes with a restart."""
    workshop.machine()
    body = workshop.machine_body(name="build")
    renamed = workshop.refused(MACHINE, changed(body, "properties.osProfile.adminUsername", "other"))
    workshop.done("PUT", MACHINE, changed(body, "properties.hardwareProfile.vmSize", "Standard_D4s_v5"))
    assert (renamed, workshop.arm.read(MACHINE)["properties"]["hardwareProfile"]) == (
        (409, "PropertyChangeNotAllowed"),
        {"vmSize": "Standard_D4s_v5"},
    )
