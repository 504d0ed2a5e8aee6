#!/usr/bin/env bash
# Installs what is missing of tools/apt-packages.txt: section [base], and [NAME] for each flag --NAME.
# Runs apt only when something is missing; asks nothing. Usage: tools/bootstrap.sh [--dev] [--proof]
set -euo pipefail

list="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/apt-packages.txt"

fail() {
  echo "bootstrap: $*" >&2
  exit 1
}

# The packages of one section, one a line.
packages_of() {
  sed -e 's/#.*//' -e 's/[[:space:]]*$//' "$list" |
    awk -v wanted="[$1]" '/^\[/ { inside = ($0 == wanted); next } inside && NF { print $1 }'
}

# Those arguments that are not installed, one a line.
missing_of() {
  local package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || echo "$package"
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

wanted=()
for flag in --base "$@"; do
  section="${flag#--}"
  [[ "$flag" == --* ]] || section=""
  mapfile -t found < <(packages_of "$section")
  [ "${#found[@]}" -gt 0 ] || fail "unknown flag '$flag'; flags: the sections of $list, such as --dev"
  wanted+=("${found[@]}")
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "bootstrap: no apt here; install these packages' equivalents yourself: ${wanted[*]}" >&2
  exit 0
fi

mapfile -t missing < <(missing_of "${wanted[@]}")
[ "${#missing[@]}" -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
  fail "run as root (sudo needs a password or is absent): apt-get install --no-install-recommends ${missing[*]}"
fi

echo "bootstrap: installing ${missing[*]}" >&2
install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@" </dev/null >&2
}
install update
install install --yes --no-install-recommends "${missing[@]}"
