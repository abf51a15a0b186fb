# Fetches the application's archive with the identity of the instance, checks it, unpacks it and runs its command. Safe to run again.
# The words between @ are filled in by windows_bootstrap.py, which leaves out comments and indentation: the whole must fit into one command line.
# For Windows PowerShell 5.1.
$ErrorActionPreference = 'Stop'
# The progress bar makes 5.1 many times slower.
$ProgressPreference = 'SilentlyContinue'
# 5.1 on older systems offers TLS 1.0 alone.
[Net.ServicePointManager]::SecurityProtocol = 'Tls12'
$url = @url@
$sha256 = @sha256@
$id = @client_id@
# For messages: a query may hold a signature.
$name = $url.Split('?')[0]
$command = @command@
# Only administrators write there: others could put files into a folder below ProgramData before this runs.
$root = "$env:ProgramFiles\azure-scaleset"
# Part of the digest: paths on Windows are short.
$folder = "$root\$($sha256.Substring(0, 16))"
$zip = "$folder.zip"
function Fail($text) {
    [Console]::Error.WriteLine("azure-scaleset: $text")
    exit 1
}
function Test-Zip {
    (Test-Path $zip) -and (Get-FileHash $zip -Algorithm SHA256).Hash -eq $sha256
}
$null = New-Item $root -ItemType Directory -Force
$end = (Get-Date).AddMinutes(@minutes@)
$pause = 2
while (-not (Test-Zip)) {
    try {
        $step = 'token'
        $web = New-Object Net.WebClient
        # The metadata service answers only without a proxy.
        $web.Proxy = $null
        $web.Headers['Metadata'] = 'true'
        $token = ($web.DownloadString("http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fstorage.azure.com%2F&client_id=$id") | ConvertFrom-Json).access_token
        $step = 'download'
        $web = New-Object Net.WebClient
        $web.Headers['Authorization'] = "Bearer $token"
        $web.Headers['x-ms-version'] = '2020-10-02'
        $web.DownloadFile($url, $zip)
        $step = 'check'
    } catch {
        $e = $_.Exception
        # The HTTP answer is on an inner exception; without an answer the status is 0.
        while ($e.InnerException -and -not $e.Response) { $e = $e.InnerException }
        $status = [int]$e.Response.StatusCode
        $text = "$step, identity $id, ${name}: HTTP $status $($e.Message)"
        # The token is always worth another try: the identity may be new on this machine.
        $final = $step -eq 'download' -and $status -ne 0 -and $status -lt 500 -and 403, 404, 408, 429 -notcontains $status
        if ($final -or (Get-Date) -ge $end) { Fail $text }
        [Console]::Error.WriteLine("azure-scaleset: $text; trying again")
        Start-Sleep $pause
        $pause = [Math]::Min(30, 2 * $pause)
    }
    if ($step -eq 'check' -and -not (Test-Zip)) { Fail "$name is not the archive that was deployed: expected SHA-256 $sha256" }
}
# The folder appears whole, and stays: Windows does not replace files that a program has open.
if (-not (Test-Path $folder)) {
    if (Test-Path "$folder.new") { Remove-Item "$folder.new" -Recurse -Force }
    Expand-Archive $zip "$folder.new"
    Move-Item "$folder.new" $folder
}
# Not the call operator: 5.1 changes the quotes of arguments. Not Start-Process -Wait: it waits for services the command started, too.
$info = New-Object Diagnostics.ProcessStartInfo $env:ComSpec, "/d /s /c `"$command`""
$info.UseShellExecute = $false
$info.WorkingDirectory = $folder
$process = [Diagnostics.Process]::Start($info)
$process.WaitForExit()
exit $process.ExitCode
