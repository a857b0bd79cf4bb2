#!/usr/bin/env bash
# Makes sure that the browser tests find a Chromium. Usage: install_chromium.sh PYTHON
set -euo pipefail
python=${1:?usage: install_chromium.sh PYTHON}

# The goldens of test_scenes.py are drawn with this font.
has_font() { ! command -v fc-list >/dev/null || [[ -n $(fc-list "DejaVu Sans") ]]; }
can_install() { [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; }
install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "$@"
}

for name in "${NNVIS_CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [[ -n $name ]] && command -v "$name" >/dev/null; then
    has_font || ! can_install || install fonts-dejavu-core
    echo "chromium: $(command -v "$name")"
    exit 0
  fi
done

if can_install; then
  install chromium fonts-dejavu-core fonts-liberation
  echo "chromium: $(command -v chromium)"
  exit 0
fi

"$python" -m playwright install chromium || {
  echo "No Chromium here. Install one (Debian: sudo apt-get install chromium) or name it: NNVIS_CHROMIUM=/path/to/chromium" >&2
  exit 1
}
