#!/bin/bash
# What the image has in it: the prerequisites of the web server, not the server itself, which Custom Script installs on each instance.
# Runs once, as root, on the machine that becomes the image. Can be run again.
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes python3
apt-get clean

mkdir -p /opt/workserver
echo "prerequisites: $(python3 --version) is in the image"
