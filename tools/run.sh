#!/usr/bin/env bash
# Builds the command and runs one scenario: its summary goes to stdout, progress to stderr.
#
#   tools/run.sh [SCENARIO] [flags of `nephoscope run`...]
#
# SCENARIO defaults to two weeks of a load-balanced fleet. Works from any directory; relative paths are the
# caller's. Results go to results/NAME/ beside this repository's other folders unless -o says otherwise.
# Exit status: nephoscope's (0 held, 1 an expectation failed, 2 bad input, 3 inconclusive).
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
source "$root/tools/phase.sh"

scenario="$root/scenarios/capacity/elb-fortnight.yaml"
if [ "$#" -gt 0 ] && [ "${1#-}" = "$1" ]; then
  scenario="$1"
  shift
fi

results="$root/results/$(basename "$scenario" .yaml)"
output=(-o "$results")
previous=""
for argument in "$@"; do
  case "$previous" in -o | --output) results="$argument" output=() ;; esac
  case "$argument" in
    -o?*) results="${argument#-o}" output=() ;;
    --output=*) results="${argument#--output=}" output=() ;;
  esac
  previous="$argument"
done

build="$root/build/release"
logs="$root/build/log"
phase "$logs/run-packages.log" "packages" bash "$root/tools/bootstrap.sh"
fresh=(-DNEPHOSCOPE_UNITY=ON)
[ ! -f "$build/CMakeCache.txt" ] || fresh=()
phase "$logs/run-configure.log" "configure" cmake -S "$root" --preset release "${fresh[@]}"
phase "$logs/run-build.log" "build" cmake --build "$build" --target nephoscope --parallel "$(nproc)"

echo "run $scenario ..." >&2
status=0
"$build/nephoscope" run "$scenario" "${output[@]}" "$@" || status=$?
if [ -f "$results/results.json" ]; then
  echo "results: $results/results.json" >&2
fi
exit "$status"
