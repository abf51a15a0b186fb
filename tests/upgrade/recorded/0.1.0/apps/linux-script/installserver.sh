#!/bin/bash
# Installs workserver.py, which lies beside this script, as the systemd service "workserver", and ends when it answers.
# Can be run again: what is up to date stays as it is, and a running server is restarted only when a file of it has changed.
#
#   WORKSERVER_PORT      the port that it listens on (default 8080)
#   WORKSERVER_VERSION   the version that it tells (default: the one in its file)
#   INSTALL_ROOT         install below this folder and start nothing: for trying the script without root and systemd
set -euo pipefail

port=${WORKSERVER_PORT:-8080}
root=${INSTALL_ROOT:-}
source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
pending=$root/opt/workserver/restart-pending # there from the first change until the restart, also when this script is cut short

# install_file TARGET MODE: standard input becomes TARGET, unless TARGET holds just that. Written beside and renamed, so it is never half there.
install_file() {
  local target=$root$1 mode=$2
  mkdir -p "$(dirname "$target")"
  cat >"$target.new"
  chmod "$mode" "$target.new"
  if cmp --silent "$target.new" "$target"; then
    rm "$target.new"
  else
    mkdir -p "$(dirname "$pending")"
    touch "$pending"
    mv "$target.new" "$target"
    echo "installserver: installed $target"
  fi
}

if [ -z "$root" ] && ! command -v python3 >/dev/null; then
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install --yes python3
fi

install_file /opt/workserver/workserver.py 0755 <"$source/workserver.py"
install_file /etc/systemd/system/workserver.service 0644 <<UNIT
[Unit]
Description=Work server
After=network.target

[Service]
ExecStart=/usr/bin/env python3 /opt/workserver/workserver.py $port
Environment=PYTHONUNBUFFERED=1 WORKSERVER_VERSION=${WORKSERVER_VERSION:-}
DynamicUser=yes
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
UNIT

if [ -n "$root" ]; then
  rm -f "$pending"
  exit 0
fi

systemctl daemon-reload
systemctl enable workserver.service
if [ -e "$pending" ]; then
  systemctl restart workserver.service
  rm "$pending"
else
  systemctl start workserver.service
fi

for _ in $(seq 30); do
  if python3 -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$port/health', timeout=2)" 2>/dev/null; then
    echo "installserver: workserver answers on port $port"
    exit 0
  fi
  sleep 1
done
echo "installserver: workserver does not answer on port $port" >&2
systemctl status --no-pager workserver.service >&2 || true
exit 1
