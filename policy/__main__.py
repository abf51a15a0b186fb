"""The policy pack: the checks of `azure_scaleset.rules` on any scale set of a stack, whoever made it."""

from policies import policies
from pulumi_policy import PolicyPack

if __name__ == "__main__":
    PolicyPack(name="azure-scaleset", policies=list(policies()))
