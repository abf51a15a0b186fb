"""What runs inside the VM. Pure.

A script that deprovisions by itself never comes back, because the agent that should report is gone (T14). So the script only leaves the work to the system's own
scheduler, and the VM turns itself off when the work was done well: that is what is waited for.
"""

DELAY = 30
"""Seconds until the system begins: the agent reports the script before."""

_UNIT = "azure-scaleset-capture"

_LINUX = f"""\
set -e
systemctl is-active --quiet {_UNIT}.timer {_UNIT}.service && exit 0
systemctl reset-failed {_UNIT}.service 2>/dev/null || true
systemd-run --unit={_UNIT} --on-active={DELAY} /bin/sh -c 'waagent -deprovision+user -force && if command -v cloud-init >/dev/null; then cloud-init clean --logs; fi && sync && systemctl poweroff'
"""

_WINDOWS = f"""\
$ErrorActionPreference = 'Stop'
$body = @'
Unregister-ScheduledTask -TaskName {_UNIT} -Confirm:$false
Remove-Item "$env:windir\\Panther" -Recurse -Force -ErrorAction SilentlyContinue
Start-Process "$env:windir\\System32\\Sysprep\\sysprep.exe" -ArgumentList '/generalize /oobe /mode:vm /quit /quiet' -Wait
$state = (Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State').ImageState
if ($state -eq 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') {{ Stop-Computer -Force }}
'@
$encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($body))
$action = New-ScheduledTaskAction -Execute powershell.exe -Argument "-NoProfile -ExecutionPolicy Bypass -EncodedCommand $encoded"
$trigger = New-ScheduledTaskTrigger -Once -At (Get-Date).AddSeconds({DELAY})
Register-ScheduledTask -TaskName {_UNIT} -Action $action -Trigger $trigger -User SYSTEM -RunLevel Highest -Force | Out-Null
"""

_LINUX_ASKS = f"journalctl --unit {_UNIT} --no-pager --lines 20\n"

_WINDOWS_ASKS = """\
(Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State').ImageState
Get-Content "$env:windir\\System32\\Sysprep\\Panther\\setuperr.log" -Tail 20 -ErrorAction SilentlyContinue
"""


def command_id(os: str) -> str:
    """Which of Azure's commands runs a script on a system."""
    return "RunPowerShellScript" if os == "Windows" else "RunShellScript"


def prepare(os: str) -> str:
    """The script that leaves the preparation to the system's scheduler. Run twice, it prepares once."""
    return _WINDOWS if os == "Windows" else _LINUX


def ask(os: str) -> str:
    """The script that prints what became of the preparation: on Windows the image state and sysprep's errors."""
    return _WINDOWS_ASKS if os == "Windows" else _LINUX_ASKS
