#!/usr/bin/env bash
# Builds with warnings as errors and runs every test; the last line printed is `N passed, N failed`.
#
#   tools/test.sh                 layout check, release, dev (sanitizers), 30 s of fuzzing
#   tools/test.sh --quick         layout check and release only
#   tools/test.sh --full          the default, plus the long statistical tests and the heavy ones in dev, and
#                                 each file compiled by itself, so that a missing include shows
#   tools/test.sh --fuzz SECONDS  the default with that much fuzzing in all (0: none)
#   tools/test.sh --preset NAME   only that preset: release, dev or fuzz; may be repeated
#
# The counts are ctest's, summed over its runs; a failed layout check, build or fuzz target counts as one
# failure, so that `0 failed` and exit status 0 always come together.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
logs="$root/build/log"
cd "$root"
source tools/phase.sh

presets=()
format=yes
fuzz_seconds=30
heavy=(--label-exclude '^heavy$') # in dev; a sanitized debug build is some 20 times slower than a release
pieces=ON # compile large pieces, where a folder is fresh
quick=no

usage() {
  sed -n '4,9s/^# *//p' "$root/tools/test.sh" >&2
  exit 2
}

while [ "$#" -gt 0 ]; do
  case "$1" in
    --quick) quick=yes ;;
    --full)
      export NEPHOSCOPE_LONG=1
      heavy=()
      pieces=OFF
      ;;
    --fuzz)
      [[ "${2:-}" =~ ^[0-9]+$ ]] || usage
      fuzz_seconds="$2"
      shift
      ;;
    --preset)
      [[ "${2:-}" =~ ^(release|dev|fuzz)$ ]] || usage
      presets+=("$2")
      format=no
      shift
      ;;
    *) usage ;;
  esac
  shift
done
if [ "${#presets[@]}" -eq 0 ]; then
  if [ "$quick" = yes ]; then presets=(release); else presets=(release dev fuzz); fi
fi

passed=0
failed=0
problems=()
summaries=()

note_failure() {
  failed=$((failed + 1))
  problems+=("FAILED: $1")
}

# Prints what failed besides tests, ctest's own summaries and the sum, and leaves.
finish() {
  [ "${#problems[@]}" -eq 0 ] || printf '%s\n' "${problems[@]}"
  [ "${#summaries[@]}" -eq 0 ] || printf '%s\n' "${summaries[@]}"
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] && exit 0
  exit 1
}

check_format() {
  local folders=()
  for folder in engine models tools tests; do [ ! -d "$folder" ] || folders+=("$folder"); done
  find "${folders[@]}" \( -name '*.cpp' -o -name '*.hpp' \) -print0 |
    xargs -0 --no-run-if-empty clang-format-14 --dry-run -Werror
}

# build PRESET TARGET...: configures and builds; nothing after a failed build is worth its time. A fresh folder
# compiles in large pieces, and sanitized with -O1, which halves the time; an older one stays as it was
# configured. Warnings are errors to the compiler that the project is written for, not to the fuzzers' clang.
build() {
  local preset="$1" target strict=ON fresh=(-DNEPHOSCOPE_UNITY="$pieces")
  shift
  [ "$preset" != fuzz ] || strict=OFF
  [ "$preset" != dev ] || fresh+=("-DCMAKE_CXX_FLAGS_DEBUG=-O1 -g1")
  [ ! -f "build/$preset/CMakeCache.txt" ] || fresh=()
  phase "$logs/$preset-configure.log" "$preset: configure" \
    cmake --preset "$preset" -DNEPHOSCOPE_WERROR="$strict" "${fresh[@]}" || { note_failure "$preset: configure" && finish; }
  for target in "$@"; do
    phase "$logs/$preset-build.log" "$preset: build $target" \
      cmake --build "build/$preset" --target "$target" --parallel "$(nproc)" ||
      { note_failure "$preset: build $target" && finish; }
  done
}

# count_of NAME FILE: that attribute of the test suite in ctest's JUnit file; 0 when there is none.
count_of() {
  local text
  text=$(grep -oE "(^|[[:space:]])$1=\"[0-9]+\"" "$2" 2>/dev/null | head -n 1 | tr -dc 0-9) || true
  echo "${text:-0}"
}

# run_tests PRESET FLAGS...: every test of a built preset. Counts come from ctest's JUnit file; a ctest that
# fails without counting a failure (no tests, killed) counts as one.
run_tests() {
  local preset="$1" log="$logs/$1-test.log" report="$logs/$1-junit.xml" status=0 all failures skipped
  shift
  rm -f "$report"
  ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j2 --output-junit "$report" "$@" \
    </dev/null 2>&1 | tee "$log" || status=$?
  all=$(count_of tests "$report")
  failures=$(count_of failures "$report")
  skipped=$(($(count_of skipped "$report") + $(count_of disabled "$report")))
  passed=$((passed + all - failures - skipped))
  failed=$((failed + failures))
  summaries+=("ctest, $preset:" "$(sed -n '/^[0-9]*% tests passed/,$p' "$log")")
  if [ "$status" -ne 0 ] && [ "$failures" -eq 0 ]; then
    note_failure "$preset: ctest ended with status $status"
  fi
}

# Runs tests/fuzz/NAME_fuzz.cpp's targets, fuzz_NAME, sharing the time. Seeds: tests/fuzz/corpus/NAME, the
# shipped scenarios and the bad inputs; finds go to build/fuzz/.
run_fuzz() {
  local names=() seeds name seconds folder
  for name in tests/fuzz/*_fuzz.cpp; do
    [ ! -f "$name" ] || names+=("$(basename "$name" _fuzz.cpp)")
  done
  if [ "${#names[@]}" -eq 0 ] || [ "$fuzz_seconds" -eq 0 ]; then return; fi
  seconds=$((fuzz_seconds / ${#names[@]} > 0 ? fuzz_seconds / ${#names[@]} : 1))
  build fuzz "${names[@]/#/fuzz_}"
  for name in "${names[@]}"; do
    mkdir -p "build/fuzz/corpus/$name"
    seeds=("build/fuzz/corpus/$name")
    for folder in "tests/fuzz/corpus/$name" scenarios tests/bad_input; do
      [ ! -d "$folder" ] || seeds+=("$folder")
    done
    phase "$logs/fuzz-$name.log" "fuzz: $name for $seconds s" \
      "build/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
      -artifact_prefix="build/fuzz/" "${seeds[@]}" || note_failure "fuzz: $name"
  done
}

phase "$logs/packages.log" "packages" bash tools/bootstrap.sh --dev || { note_failure "packages" && finish; }
if [ "$format" = yes ]; then
  phase "$logs/format.log" "layout" check_format || note_failure "layout (clang-format)"
fi
if command -v ccache >/dev/null; then # what was compiled before, be it in another clone, is not compiled again
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
fi
for preset in "${presets[@]}"; do
  case "$preset" in
    release)
      build release all
      run_tests release
      ;;
    dev)
      build dev all
      run_tests dev "${heavy[@]}"
      ;;
    fuzz) run_fuzz ;;
  esac
done
finish
