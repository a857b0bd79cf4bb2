#!/usr/bin/env bash
# Makes sure that the browser tests find a Chromium. Usage: install_chromium.sh PYTHON
set -euo pipefail
python=${1:?usage: install_chromium.sh PYTHON}

# The goldens of test_scenes.py are drawn with these fonts, the Chinese ones with the second too.
fonts=(fonts-dejavu-core fonts-liberation fonts-wqy-microhei)
has_fonts() {
  ! command -v fc-list >/dev/null || [[ -n $(fc-list "DejaVu Sans") && -n $(fc-list "WenQuanYi Micro Hei") ]]
}
can_install() { [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; }
install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "$@"
}
find_one() {
  for name in "$@"; do
    if [[ -n $name ]] && command -v "$name"; then return; fi
  done
  return 1
}
tell() {
  has_fonts || ! can_install || install "${fonts[@]}"
  echo "chromium: $1"
  exit 0
}

if found=$(find_one "${NNVIS_CHROMIUM:-}" chromium-headless-shell); then tell "$found"; fi

# Without windows of its own, which cost as much as the pages; where Debian has none, the whole one.
if can_install; then
  install chromium-headless-shell "${fonts[@]}" || find_one chromium >/dev/null || install chromium "${fonts[@]}"
fi
if found=$(find_one chromium-headless-shell chromium chromium-browser google-chrome); then tell "$found"; fi

"$python" -m playwright install chromium || {
  echo "No Chromium here. Install one (Debian: sudo apt-get install chromium-headless-shell) or name it:" \
    "NNVIS_CHROMIUM=/path/to/chromium" >&2
  exit 1
}
