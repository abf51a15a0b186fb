"""The subscription that a component's provider deploys to."""

import pulumi


def subscription_id(parent: pulumi.Resource) -> pulumi.Output[str]:
    """Id of the subscription of *parent*'s provider: not of the default one, which may be another or not exist."""
    result: pulumi.Output[str] = pulumi.Output.from_input(ask_subscription(parent))
    return result


async def ask_subscription(parent: pulumi.Resource) -> str:
    """The same, to be awaited. By token, because importing azure-native's `authorization` for it would take longer than the call."""
    config = await pulumi.runtime.invoke_async("azure-native:authorization:getClientConfig", {}, pulumi.InvokeOptions(parent=parent))
    return str(config["subscriptionId"])
