"""The real Azure CLI on the offline Azure (docs/azure-cli.md). `make az` installs it and runs these; `make test` does not."""
