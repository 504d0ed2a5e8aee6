# Sourced by run.sh and test.sh: runs a phase of work with its output in a log file.

# phase LOG TITLE COMMAND...: one line on stderr while it runs; the end of the log only if it fails.
# Returns the command's status. The log's first lines matter most for a compiler, so `error:` lines come first.
phase() {
  local log="$1" title="$2" started=$SECONDS status=0
  shift 2
  mkdir -p "$(dirname "$log")"
  echo "$title ..." >&2
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    grep -m 20 -E 'error:|FAILED:' "$log" >&2 || true
    echo "--- last lines of $log" >&2
    tail -n 40 "$log" >&2
    echo "$title: failed with status $status after $((SECONDS - started)) s" >&2
  else
    echo "$title: done in $((SECONDS - started)) s" >&2
  fi
  return "$status"
}
