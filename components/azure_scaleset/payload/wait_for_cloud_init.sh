# shellcheck shell=sh
# Waits until cloud-init has done its part. Azure reports an instance as provisioned before that, and whatever cloud-init says.
if command -v cloud-init >/dev/null 2>&1; then
  echo 'azure-scaleset: waiting for cloud-init'
  cloud_init_status=0
  cloud-init status --wait >/dev/null 2>&1 || cloud_init_status=$?
  if [ "$cloud_init_status" -eq 2 ]; then
    echo 'azure-scaleset: warning: cloud-init finished with recoverable errors' >&2
    cloud-init status --long >&2 || :
  elif [ "$cloud_init_status" -ne 0 ]; then
    echo "azure-scaleset: cloud-init failed (cloud-init status --wait: exit code $cloud_init_status)" >&2
    cloud-init status --long >&2 || :
    tail -n 40 "${AZURE_SCALESET_CLOUD_INIT_LOG:-/var/log/cloud-init-output.log}" >&2 || :
    exit 1
  fi
fi
