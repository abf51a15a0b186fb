# IIS with a page and a health path, as a desired state: what is missing is added, what is there stays.
Configuration WebsiteTest {
    param(
        # What the page says.
        [string] $PageText = 'Installed by DSC. Version 1.0.'
    )

    Import-DscResource -ModuleName PSDesiredStateConfiguration

    Node localhost {
        WindowsFeature WebServer {
            Name   = 'Web-Server'
            Ensure = 'Present'
        }

        File Page {
            DestinationPath = "$env:SystemDrive\inetpub\wwwroot\index.html"
            Contents        = "<!doctype html><title>Scale set</title><p>$([Net.WebUtility]::HtmlEncode($PageText))</p>"
            Type            = 'File'
            Force           = $true
            Ensure          = 'Present'
            DependsOn       = '[WindowsFeature]WebServer'
        }

        File Health {
            DestinationPath = "$env:SystemDrive\inetpub\wwwroot\health.json"
            Contents        = '{"ApplicationHealthState": "Healthy"}'
            Type            = 'File'
            Force           = $true
            Ensure          = 'Present'
            DependsOn       = '[WindowsFeature]WebServer'
        }

        Service WebPublishing {
            Name      = 'W3SVC'
            State     = 'Running'
            DependsOn = '[WindowsFeature]WebServer'
        }
    }
}
