#!/usr/bin/env bash
# Proves the two commands of the README on a machine that has nothing: makes a minimal Debian 12 in DIRECTORY,
# clones this repository's HEAD into it, and runs tools/run.sh and tools/test.sh there.
#
#   tools/prove_fresh_machine.sh DIRECTORY [--keep] [--packages-only] [-- flags of test.sh]
#
# DIRECTORY must not exist yet; it is removed at the end unless --keep. --packages-only stops after
# bootstrap.sh. test.sh gets --quick unless flags follow `--`. The mirror and the proxy are those that apt uses
# on this machine. Needs root, debootstrap and git (tools/bootstrap.sh --proof).
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

fail() {
  echo "prove: $*" >&2
  exit 1
}

[ "$#" -gt 0 ] && [ "${1#-}" = "$1" ] || fail "usage: $0 DIRECTORY [--keep] [--packages-only] [-- FLAGS]"
directory="$(realpath -m "$1")"
shift
keep=no
packages_only=no
test_flags=(--quick)
while [ "$#" -gt 0 ]; do
  case "$1" in
    --keep) keep=yes ;;
    --packages-only) packages_only=yes ;;
    --)
      shift
      test_flags=("$@")
      break
      ;;
    *) fail "unknown flag '$1'" ;;
  esac
  shift
done
[ "$(id -u)" -eq 0 ] || fail "making a chroot needs root"
[ ! -e "$directory" ] || fail "$directory exists already; name a new one"
for tool in debootstrap git; do command -v "$tool" >/dev/null || fail "$tool is missing"; done

# "URI suite component" of every Debian 12 package list that apt reads here.
debian_sources() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    grep -E ' bookworm(-updates|-security)? main$' | sort -u
}

clean_up() {
  ! mountpoint -q "$directory/proc" || umount "$directory/proc" || return 0 # never delete below a live mount
  [ "$keep" = yes ] || rm -rf --one-file-system "$directory"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

sources="$(debian_sources || true)"
sources="${sources:-http://deb.debian.org/debian bookworm main}"
mirror="$(awk '$2 == "bookworm" { print $1; exit }' <<<"$sources")"
mkdir -p "$directory"
echo "prove: a minimal Debian 12 in $directory from $mirror" >&2
debootstrap --variant=minbase --include=ca-certificates bookworm "$directory" "$mirror" >"$directory.log" 2>&1 ||
  fail "debootstrap failed; see $directory.log"
rm -f "$directory.log"

# The machine's way to its mirror, for the chroot only.
sed 's/^/deb /' <<<"$sources" >"$directory/etc/apt/sources.list"
apt-config dump | grep -E '^Acquire::(https?|ftp|Check|Retries|ForceIP)' >"$directory/etc/apt/apt.conf.d/99mirror" || true
cp -L /etc/resolv.conf /etc/hosts "$directory/etc/" 2>/dev/null || true
git clone -q --no-hardlinks --depth 1 "file://$root" "$directory/root/nephoscope"
mount -t proc proc "$directory/proc"

failures=0
# inside TITLE COMMAND...: runs it in the clone with a clean environment and no input, and reports the outcome.
inside() {
  local title="$1" started=$SECONDS status=0
  shift
  echo "prove: $title" >&2
  chroot "$directory" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
    bash -c 'cd "$HOME/nephoscope" && exec "$@"' bash "$@" </dev/null || status=$?
  echo "prove: $title: exit status $status after $((SECONDS - started)) s" >&2
  [ "$status" -eq 0 ] || failures=$((failures + 1))
}

inside "tools/bootstrap.sh --dev" bash tools/bootstrap.sh --dev
inside "tools/bootstrap.sh --dev, again" bash tools/bootstrap.sh --dev
if [ "$packages_only" = no ]; then
  inside "tools/run.sh" bash tools/run.sh
  inside "tools/test.sh ${test_flags[*]}" bash tools/test.sh "${test_flags[@]}"
fi
if [ "$failures" -eq 0 ]; then echo "prove: all held"; else echo "prove: $failures failed"; fi
[ "$failures" -eq 0 ]
