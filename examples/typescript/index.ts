// A scale set with a network and a script, from TypeScript.
import * as azure from "@pulumi/azure-native";
import * as scaleset from "@pulumi/azure-scaleset";
import * as pulumi from "@pulumi/pulumi";

const group = new azure.resources.ResourceGroup("group", {
  resourceGroupName: pulumi.getProject(),
  location: "westeurope",
});
const network = new scaleset.Network("network", {
  resourceGroupName: group.name,
  location: group.location,
  loadBalancer: { rules: [{ port: 80, backendPort: 8080 }], probe: { port: 8080, path: "/" } },
});
const web = new scaleset.ScaleSet("web", {
  resourceGroupName: group.name,
  location: group.location,
  os: scaleset.OperatingSystem.LINUX,
  image: "Ubuntu2404",
  size: "Standard_D2s_v5",
  capacity: 3,
  admin: { sshPublicKeys: [new pulumi.Config().require("sshPublicKey")] },
  extensions: [{ customScript: { script: "../install.sh" } }],
  network: {
    subnetId: network.subnetId,
    backendPoolIds: [network.backendPoolId],
    healthProbeId: network.probeId,
  },
});

export const resourceGroupName = group.name;
export const subnetId = network.subnetId;
export const address = network.address;
export const scaleSetId = web.scaleSetId;
