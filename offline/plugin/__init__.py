"""The stand-in for the azure-native Pulumi plugin: speaks the engine's protocol on one side and ARM on the other."""
