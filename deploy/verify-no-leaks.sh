#!/usr/bin/env bash
# Proves that no process outlives the worker: starts the real jar on a directory and a port of its own, drives sessions and
# searches so that its children run, ends it in every way there is, and counts what is left.
#
#   deploy/verify-no-leaks.sh [--jar FILE] [--rounds N] [--children auto|chroma|stand-in] [--self-test]
#
#   --jar FILE      the worker; by default target/cairn.jar, or cairn.jar beside this directory
#   --rounds N      how often all steps are run; 1 by default
#   --children      chroma: the worker's own search server and the real chroma-mcp by uvx, which must be installed;
#                   stand-in: a search.command of shells that never answers, ignores the end of its input and SIGTERM, and
#                   has one descendant in a session of its own; auto (default): chroma where it runs offline, else stand-in
#   --self-test     plants a leak after the last step, which must be found: a run that works ends with 1
#
# Steps: stop (SIGTERM), restart (SIGTERM, another worker at once), kill -9, kill -9 and restart, and a last stop.
# Prints a table: step | before | after | seconds to zero. "before" counts the worker, its guardian, its children and all they
# started; "after" those of them that are left 2 s after the worker has ended. The seconds run from the signal, so those of a
# stop hold the stop itself.
#
# What belongs to a worker is known by the mark in its environment (_CAIRN_CHILD=<install>:..., where install is the beginning
# of the SHA-256 of the data directory's path) unless its owner is the worker that runs now, and by the pids that
# /api/processes told before the step, each with its start time. Not seen: a process that has cleared its environment and was
# not known to the worker either. Zombies are not counted: they run no more, and only their parent can collect them.
#
# Exit codes: 0 nothing was left; 1 something was, it is listed on standard error; 2 it could not be measured, or wrong use.
# Wants Linux (/proc), bash, curl and Java 17. Leaves nothing behind; kills only what carries the mark or what it started.
set -u
set -o pipefail

here=$(cd "$(dirname "$0")" && pwd)
jar=
rounds=1
children=auto
self_test=no

unmeasured() {
  echo "verify-no-leaks: $1" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --jar | --rounds | --children)
      [ $# -ge 2 ] || unmeasured "$1 wants a value"
      case $1 in
        --jar) jar=$2 ;;
        --rounds) rounds=$2 ;;
        --children) children=$2 ;;
      esac
      shift 2
      ;;
    --self-test) self_test=yes && shift ;;
    -h | --help) sed -n '2,/^set -u/{/^#/s/^# \{0,1\}//p}' "$0" && exit 0 ;;
    *) unmeasured "unknown argument $1; see --help" ;;
  esac
done
case $rounds in '' | 0* | *[!0-9]*) unmeasured "--rounds wants a number from 1, not '$rounds'" ;; esac
case $children in auto | chroma | stand-in) ;; *) unmeasured "--children wants auto, chroma or stand-in" ;; esac
for candidate in "$here/../target/cairn.jar" "$here/../cairn.jar"; do
  if [ -z "$jar" ] && [ -f "$candidate" ]; then jar=$candidate; fi
done
[ -f "$jar" ] || unmeasured "there is no jar at '${jar:-target/cairn.jar}'; build it, or say --jar"
[ -r /proc/self/environ ] && [ -r /proc/uptime ] || unmeasured "this needs Linux: there is no /proc"
for program in curl sha256sum setsid; do
  command -v $program >/dev/null || unmeasured "$program is not installed"
done
java=java
if [ -n "${JAVA_HOME:-}" ]; then java=$JAVA_HOME/bin/java; fi
command -v "$java" >/dev/null || unmeasured "there is no Java; set JAVA_HOME"
for name in ${!CAIRN_@}; do unset "$name"; done
PATH=$PATH:${HOME:-/}/.local/bin

temporary=$(mktemp -d "${TMPDIR:-/tmp}/cairn-verify.XXXXXX") || unmeasured "no temporary directory can be made"
mkdir "$temporary/data"
data=$(cd "$temporary/data" && pwd -P)
install=$(printf %s "$data" | sha256sum | cut -c1-16)
worker=
worker_start=
url=
starts=0
failed=no
# Pids the workers told, each as PID:START.
told=

# --- looking

# Hundredths of a second since boot, without starting a process.
now() {
  local up rest
  read -r up rest </proc/uptime
  NOW=${up/./}
}

# The start of a process in START; fails when it is gone or only waits to be collected.
start_of() {
  local line
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  set -- ${line##*) }
  START=${20}
  [ "$1" != Z ] && [ "$1" != X ]
}

# The processes with the mark, in MARKED, each as PID:OWNER.
marked() {
  local file variables
  MARKED=
  for file in $(grep -lsF "_CAIRN_CHILD=$install:" /proc/[0-9]*/environ); do
    variables=$(tr '\0' '\n' 2>/dev/null <"$file") || continue
    case $'\n'$variables in *$'\n'"_CAIRN_CHILD=$install:"*) ;; *) continue ;; esac
    local owner=${variables##*_CAIRN_OWNER=}
    file=${file#/proc/}
    MARKED="$MARKED ${file%/environ}:${owner%%[!0-9]*}"
  done
}

# Those that belong to a worker other than the one with this pid, in LEFT. With 0: to any.
left() {
  local entry pid
  LEFT=
  marked
  for entry in $MARKED; do
    pid=${entry%:*}
    if [ "${entry#*:}" != "$1" ] && start_of "$pid"; then LEFT="$LEFT $pid"; fi
  done
  for entry in $told; do
    pid=${entry%:*}
    case " $LEFT " in *" $pid "*) continue ;; esac
    # The worker that runs now may be among those that were told: it is asked for children before it is ended.
    if [ "$pid" != "$1" ] && start_of "$pid" && [ "$START" = "${entry#*:}" ]; then LEFT="$LEFT $pid"; fi
  done
}

list() {
  local pid
  for pid in "$@"; do
    echo "  pid $pid: $(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | cut -c1-150)" >&2
  done
}

# --- cleaning up

clean_up() {
  local entry round pid
  if [ -n "$worker" ] && start_of "$worker" && [ "$START" = "$worker_start" ]; then kill -9 "$worker"; fi
  for round in 1 2 3 4 5 6 7 8 9 10; do
    marked
    [ -n "$MARKED" ] || break
    for entry in $MARKED; do kill -9 "${entry%:*}"; done
    sleep 0.1
  done
  rm -rf "$temporary"
} 2>/dev/null

trap 'code=$?; trap "" INT TERM HUP; clean_up; exit $code' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# --- the worker

give_up() {
  { echo "--- the worker's last lines" && tail -n 20 "$temporary/errors.$starts"; } >&2
  unmeasured "$1"
}

launch() {
  starts=$((starts + 1))
  local settings=(CAIRN_DATA_DIR="$data" CAIRN_PORT=0 CAIRN_SEARCH_MODE=process)
  if [ "$children" = chroma ]; then
    settings+=(CAIRN_VECTOR_MODE=chroma-mcp)
  else
    settings+=(CAIRN_SEARCH_COMMAND="$temporary/stand-in")
  fi
  env "${settings[@]}" "$java" -Xmx512m -jar "$jar" \
    </dev/null >"$temporary/output.$starts" 2>"$temporary/errors.$starts" &
  worker=$!
  disown "$worker"
  start_of "$worker" || give_up "the worker ended at once"
  worker_start=$START
}

await_ready() {
  local line i
  for ((i = 0; i < 600; i++)); do
    if line=$(grep -s -m1 '^cairn ready ' "$temporary/output.$starts"); then
      set -- $line
      url=$3
      [ "${4#pid=}" = "$worker" ] || give_up "the ready line tells another pid: $line"
      return
    fi
    start_of "$worker" || give_up "the worker ended before it was ready"
    sleep 0.1
  done
  give_up "the worker was not ready within a minute"
}

request() { curl -sS --fail --max-time 20 "$@"; }

hook() {
  request -o /dev/null -H 'Content-Type: application/json' --data "$2" "$url/hooks/$1" || give_up "the hook $1 failed"
}

drive() {
  local session i common
  for session in "verify-$starts-a" "verify-$starts-b" "verify-$starts-c"; do
    common="\"session_id\":\"$session\",\"cwd\":\"/tmp/verify\",\"prompt_id\":\"$session-p\""
    hook UserPromptSubmit "{$common,\"hook_event_name\":\"UserPromptSubmit\",\"prompt\":\"Make the writer commit first\"}"
    for i in 1 2 3; do
      hook PostToolUse "{$common,\"hook_event_name\":\"PostToolUse\",\"tool_name\":\"Write\",\"tool_use_id\":\"$session-$i\",\
\"tool_input\":{\"file_path\":\"/tmp/verify/writer$i.txt\",\"content\":\"commit\"},\"tool_response\":{\"type\":\"create\"}}"
    done
    hook Stop "{$common,\"hook_event_name\":\"Stop\",\"last_assistant_message\":\"The writer commits before it answers\"}"
    request -o /dev/null "$url/api/search?query=writer" || give_up "a search failed"
  done
}

# Whether all children that are to be there are.
complete() {
  local health=$1 processes=$2
  if [ "$children" = chroma ]; then
    case $health in *'"child":"up"'*) ;; *) return 1 ;; esac
    case $health in *'"chroma":"up"'*) ;; *) return 1 ;; esac
    case $processes in *'"kind":"chroma"'*) ;; *) return 1 ;; esac
  else
    # The root, its child, the one in a session of its own and that one's child.
    [ "$(grep -o '"pid":' <<<"$processes" | wc -l)" -ge 4 ]
  fi
}

# Waits for the children and notes the pid of each, of what it started, of the guardian and of the worker.
await_children() {
  local i health processes pid
  for ((i = 0; i < 900; i++)); do
    health=$(request "$url/health") && processes=$(request "$url/api/processes") || give_up "the worker does not answer"
    if complete "$health" "$processes"; then
      told="$worker:$worker_start"
      for pid in $(grep -oE '"(pid|guardian)":[0-9]+' <<<"$processes" | grep -oE '[0-9]+'); do
        if start_of "$pid"; then told="$told $pid:$START"; fi
      done
      return
    fi
    request -o /dev/null "$url/api/search?query=writer" || give_up "a search failed"
    sleep 0.1
  done
  give_up "its children did not come up: $processes"
}

up() {
  launch
  await_ready
}

# --- the steps

row() { printf '%-20s | %6s | %5s | %s\n' "$1" "$2" "$3" "$4"; }

# Counts until nothing is left, and once more 2 s after the worker's end: what comes again is a stray too.
#   judge STEP BEFORE BEGUN ENDED
judge() {
  local clean=0 zero=- seconds
  while :; do
    now
    left "${worker:-0}"
    if [ -n "$LEFT" ]; then
      clean=0
      zero=-
    else
      clean=$((clean + 1))
      if [ $zero = - ]; then zero=$((NOW - $3)); fi
    fi
    if [ "$NOW" -ge $(($4 + 200)) ] && { [ $clean -ge 2 ] || [ -n "$LEFT" ]; }; then break; fi
    sleep 0.02
  done
  set -- "$1" "$2" "$(set -- $LEFT && echo $#)"
  seconds=-
  if [ $zero != - ]; then seconds=$(printf '%d.%02d' $((zero / 100)) $((zero % 100))); fi
  row "$1" "$2" "$3" "$seconds"
  if [ "$3" -gt 0 ]; then
    failed=yes
    echo "left 2 s after: $1" >&2
    list $LEFT
  fi
}

# Ends the worker by a signal, starts another at once when told to, and counts.
#   step NAME SIGNAL [restart]
step() {
  local before begun i
  drive
  await_children
  left 0
  before=$(set -- $LEFT && echo $#)
  [ "$before" -ge 3 ] || give_up "only $before processes run: there is nothing to leak"
  now
  begun=$NOW
  kill "-$2" "$worker" || give_up "the worker has ended by itself"
  for ((i = 0; i < 600; i++)); do
    start_of "$worker" || break
    sleep 0.02
  done
  if start_of "$worker"; then
    echo "the worker (pid $worker) runs 12 s after: $1" >&2
    failed=yes
    kill -9 "$worker"
  fi
  now
  local ended=$NOW
  worker=
  if [ "${3:-}" = restart ]; then launch; fi
  judge "$1" "$before" "$begun" "$ended"
  if [ "${3:-}" = restart ]; then await_ready; fi
}

plant() {
  local gone
  sh -c : &
  gone=$!
  wait $gone
  env _CAIRN_CHILD="$install:planted:1" _CAIRN_OWNER="$gone:1" setsid sleep 120 </dev/null >/dev/null 2>&1 &
  disown $!
}

if [ "$children" = auto ]; then
  children=stand-in
  if command -v uvx >/dev/null && timeout 60 uvx --offline --python '>=3.10,<3.14' --from chroma-mcp==0.2.6 \
    chroma-mcp --help >/dev/null 2>&1; then children=chroma; fi
fi
cat >"$temporary/stand-in" <<'STANDIN'
#!/bin/sh
trap '' TERM
setsid sh -c 'trap "" TERM; sleep 600; exit' &
sleep 600
sleep 600
STANDIN
chmod +x "$temporary/stand-in"

echo "children: $children; rounds: $rounds"
row step before after 'seconds to zero'
for ((round = 1; round <= rounds; round++)); do
  up
  step stop TERM
  up
  step restart TERM restart
  step 'kill -9' KILL
  up
  step 'kill -9 and restart' KILL restart
  step 'last stop' TERM
done
if [ $self_test = yes ]; then
  told=
  plant
  now
  judge 'planted leak' 1 "$NOW" "$NOW"
fi
if [ $failed = yes ]; then exit 1; fi
echo "nothing was left"
