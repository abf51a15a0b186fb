#!/bin/bash
# Fetches the application's archive with the identity of the instance, checks it, unpacks it and runs its command. Safe to run again.
# The words between @ are filled in by linux_bootstrap.py. The AZURE_SCALESET_… variables are there for tests.
set -euo pipefail

url=@url@
sha256=@sha256@
client_id=@client_id@
command=@command@
minutes=@minutes@

root=${AZURE_SCALESET_ROOT:-/var/lib/azure-scaleset}
imds=${AZURE_SCALESET_IMDS:-http://169.254.169.254}
pause=${AZURE_SCALESET_PAUSE:-2}
archive=$root/$sha256.tar
folder=$root/$sha256
name=${url%%\?*}

fail() {
  echo "azure-scaleset: $*" >&2
  exit 1
}

@wait@

# fetch URL FILE PROXY HEADER...: the body goes to FILE, the HTTP status (000 without an answer) to standard output.
# Headers travel by standard input: an argument, and so the token, could be read in the list of processes.
fetch() {
  local address=$1 file=$2 proxy=$3 header
  shift 3
  if command -v curl >/dev/null 2>&1; then
    local options=(--silent --connect-timeout 20 --speed-limit 1 --speed-time 60 --output "$file" --write-out '%{http_code}')
    if [ "$proxy" = no ]; then options+=(--noproxy '*'); fi
    for header; do printf 'header = "%s"\n' "$header"; done | curl --config - "${options[@]}" "$address" || printf '\n000'
  else
    printf '%s\n' "$@" | python3 -c '
import http.client, shutil, sys, urllib.error, urllib.request
address, file, proxy = sys.argv[1:]
request = urllib.request.Request(address, headers=dict(line.rstrip("\n").split(": ", 1) for line in sys.stdin))
handlers = [urllib.request.ProxyHandler({})] if proxy == "no" else []
try:
    with urllib.request.build_opener(*handlers).open(request, timeout=60) as answer, open(file, "wb") as target:
        shutil.copyfileobj(answer, target)
        length = answer.headers["Content-Length"]
        print("000" if length and int(length) != target.tell() else answer.status)
except urllib.error.HTTPError as error:
    print(error.code)
except (OSError, http.client.HTTPException):
    print("000")
' "$address" "$file" "$proxy"
  fi | tail -n 1 # a transfer that broke off has a status, and then 000
}

# download FILE: one attempt; sets `failure` when it fails, and `final` when trying again cannot help.
download() {
  local file=$1 status token
  final=
  status=$(fetch "$imds/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fstorage.azure.com%2F&client_id=$client_id" \
    "$file" no 'Metadata: true')
  token=$(sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p' "$file" 2>/dev/null || :)
  rm -f "$file"
  if [ "$status" != 200 ] || [ -z "$token" ]; then
    failure="no token for the identity $client_id: HTTP $status from $imds (is the identity assigned to the scale set?)"
    return 1
  fi
  status=$(fetch "$url" "$file" yes "Authorization: Bearer $token" 'x-ms-version: 2020-10-02')
  case $status in
    200) return 0 ;;
    403) failure="HTTP 403 for $name: the identity $client_id may not read it (it needs the role Storage Blob Data Reader; a new assignment takes minutes)" ;;
    000) failure="no answer, or half of one, for $name" ;;
    404 | 408 | 429 | 5??) failure="HTTP $status for $name" ;;
    *) failure="HTTP $status for $name" final=yes ;;
  esac
  return 1
}

is_whole() {
  [ -f "$1" ] && echo "$sha256  $1" | sha256sum --check --status
}

mkdir -p "$root"
if ! is_whole "$archive"; then
  private=$(mktemp -d "$root/download.XXXXXX") # readable by its owner alone: the token passes through it
  trap 'rm -rf "$private"' EXIT
  deadline=$((SECONDS + minutes * 60))
  until download "$private/file"; do
    if [ -n "$final" ]; then fail "download failed: $failure"; fi
    if [ "$SECONDS" -ge "$deadline" ]; then fail "download failed after $minutes minutes: $failure"; fi
    echo "azure-scaleset: $failure; trying again in $pause s" >&2
    sleep "$pause"
    pause=$((pause * 2 > 30 ? 30 : pause * 2))
  done
  is_whole "$private/file" || fail "$name is not the archive that was deployed: its SHA-256 is $(sha256sum "$private/file" | cut -d' ' -f1), expected $sha256"
  mv "$private/file" "$archive"
  rm -rf "$private"
fi

# Unpacked over what an earlier run left: it mends a half written folder, and takes nothing from a program that runs there.
find "$root" -maxdepth 1 -name '*.tar' ! -path "$archive" -delete
mkdir -p "$folder"
tar --extract --no-same-owner --file "$archive" --directory "$folder"
cd "$folder"
exec /bin/sh -c "$command"
