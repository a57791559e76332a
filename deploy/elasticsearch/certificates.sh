#!/usr/bin/env bash
# Makes the authority and the nodes' certificates, once; `certutil` is in the official image.
# The authority's own certificate goes to a volume apart: the site reads it, and no key.
set -euo pipefail
certificates=/certificats authority=/autorite
if [[ ! -f $certificates/noeuds/es01/es01.key ]]; then
  cd "$(mktemp -d)"
  {
    echo "instances:"
    for node in es01 es02 es03; do
      printf '  - name: %s\n    dns: [%s, localhost]\n    ip: [127.0.0.1]\n' "$node" "$node"
    done
  } >instances.yml
  certutil=/usr/share/elasticsearch/bin/elasticsearch-certutil
  "$certutil" ca --silent --pem --days 3650 --out "$PWD/ca.zip"
  unzip -q ca.zip
  "$certutil" cert --silent --pem --days 1095 --in "$PWD/instances.yml" --out "$PWD/noeuds.zip" \
    --ca-cert ca/ca.crt --ca-key ca/ca.key
  unzip -q noeuds.zip -d noeuds
  # The last file moved is the one looked for above: what is interrupted is made again.
  rm -rf "${certificates:?}"/{ca,noeuds}
  cp -r ca "$certificates"/
  cp -r noeuds "$certificates"/
fi
cp "$certificates/ca/ca.crt" "$authority/ca.crt"
# Elasticsearch runs as 1000:0; the key of the authority is for nobody.
chown -R 0:0 "$certificates"
find "$certificates" -type d -exec chmod 750 {} +
find "$certificates" -type f -exec chmod 640 {} +
chmod 700 "$certificates/ca"
chmod 644 "$authority/ca.crt"
