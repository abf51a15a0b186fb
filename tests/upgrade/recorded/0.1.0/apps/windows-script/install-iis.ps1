# Installs IIS with a page and a health path. Can be run again: nothing changes when all is there.
# For Windows PowerShell 5.1; by Custom Script it runs as LocalSystem.
param(
    # What the page says.
    [string] $PageText = 'Installed by Custom Script. Version 1.0.'
)

$ErrorActionPreference = 'Stop'
# Left on, the progress bar fills the output that Azure keeps (its last 4 096 bytes).
$ProgressPreference = 'SilentlyContinue'

function Set-Page([string] $Path, [string] $Text) {
    if ((Test-Path $Path) -and ([IO.File]::ReadAllText($Path) -ceq $Text)) { return }
    [IO.File]::WriteAllText($Path, $Text)
    Write-Output "installed $Path"
}

$feature = Install-WindowsFeature -Name Web-Server
if (-not $feature.Success) { throw "Install-WindowsFeature Web-Server: $($feature.ExitCode)" }

$site = Join-Path $env:SystemDrive 'inetpub\wwwroot'
$body = [Net.WebUtility]::HtmlEncode($PageText)
Set-Page (Join-Path $site 'index.html') "<!doctype html><meta charset=utf-8><title>$env:COMPUTERNAME</title><h1>$env:COMPUTERNAME</h1><p>$body</p>"
# With an extension that IIS knows; the Application Health extension reads the body.
Set-Page (Join-Path $site 'health.json') '{"ApplicationHealthState": "Healthy"}'

Start-Service W3SVC
