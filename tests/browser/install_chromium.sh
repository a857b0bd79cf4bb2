#!/usr/bin/env bash
# Makes sure that the browser tests find a Chromium. Usage: install_chromium.sh PYTHON
set -euo pipefail
python=${1:?usage: install_chromium.sh PYTHON}

for name in "${NNVIS_CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [[ -n $name ]] && command -v "$name" >/dev/null; then
    echo "chromium: $(command -v "$name")"
    exit 0
  fi
done

if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-liberation
  echo "chromium: $(command -v chromium)"
  exit 0
fi

"$python" -m playwright install chromium || {
  echo "No Chromium here. Install one (Debian: sudo apt-get install chromium) or name it: NNVIS_CHROMIUM=/path/to/chromium" >&2
  exit 1
}
