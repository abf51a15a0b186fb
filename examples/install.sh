#!/bin/sh
# What each instance of the examples runs: a page on port 8080. Safe to run again.
set -eu
mkdir -p /srv/web
echo "Served by a scale set" > /srv/web/index.html
cat > /etc/systemd/system/web.service <<'UNIT'
[Service]
ExecStart=/usr/bin/python3 -m http.server 8080 --directory /srv/web
Restart=always
[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable web
systemctl restart web
