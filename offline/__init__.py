"""An Azure that runs on this machine: an ARM server, and a stand-in for the azure-native Pulumi plugin in front of it.

It is written from Azure's documentation and imports nothing of the library, so that a mistake cannot agree with itself.
"""
