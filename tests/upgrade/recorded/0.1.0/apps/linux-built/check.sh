#!/bin/bash
# What must hold of a machine that is made from the image: the server starts by itself and is healthy.
set -euo pipefail

for _ in $(seq 30); do
  if curl --silent --fail http://127.0.0.1/health; then
    echo "check: the server answers"
    exit 0
  fi
  sleep 1
done
echo "check: the server does not answer" >&2
systemctl status --no-pager nginx.service >&2 || true
exit 1
