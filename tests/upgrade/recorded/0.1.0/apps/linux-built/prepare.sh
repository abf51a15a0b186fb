#!/bin/bash
# Bakes the web server into the image. Runs once, on the build machine, as root.
set -euo pipefail

version=1.0

export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes nginx

mkdir -p /srv/application
cat >/srv/application/index.html <<PAGE
<!doctype html>
<title>Scale set</title>
<h1>Baked into the image</h1>
<p>Version $version.</p>
PAGE

cat >/etc/nginx/conf.d/application.conf <<'SITE'
server {
  listen 80;
  listen [::]:80;
  root /srv/application;
  add_header X-Instance $hostname always;
  location = /health {
    default_type application/json;
    return 200 '{"ApplicationHealthState": "Healthy"}';
  }
}
SITE
# The distribution's own site would answer in place of this one.
rm --force /etc/nginx/sites-enabled/default

systemctl enable nginx.service
echo "prepare: version $version is in the image"
