# Kills what a worker leaves behind when it is gone without a word. Its standard input is a pipe that only the worker holds.
#   $1  the mark in the environment of every child of this worker, as NAME=PREFIX
#   $2  the control group of the children, or nothing
# Lines: "c PID START" guard this process and its session, "p PID START" guard this process, "g PID START" it is gone,
# "a" answer with a line, "q" all is well, go home.
trap '' HUP INT TERM PIPE
set -f
guarded=' '
others=' '
while read -r verb pid start; do
  case $verb in
    c) guarded="$guarded$pid:$start " ;;
    p) others="$others$pid:$start " ;;
    g)
      case $guarded in *" $pid:$start "*) guarded="${guarded%%" $pid:$start "*} ${guarded#*" $pid:$start "}" ;; esac
      case $others in *" $pid:$start "*) others="${others%%" $pid:$start "*} ${others#*" $pid:$start "}" ;; esac
      ;;
    a) echo here ;;
    q) exit 0 ;;
  esac
done

# Whether a process of this session and start belongs to a guarded child.
in_session() {
  case $guarded in *" $1:"*) ;; *) return 1 ;; esac
  leader=${guarded#*" $1:"}
  leader=${leader%% *}
  [ "$2" -ge "$leader" ]
}

# One look at all processes: adds what is ours to the victims, and what these have started.
look() {
  marked=" $(set +f; grep -lF "$1" /proc/[0-9]*/environ 2>/dev/null | tr '\n' ' ')"
  set +f
  set -- /proc/[0-9]*
  set -f
  for directory in "$@"; do
    read -r line 2>/dev/null <"$directory/stat" || continue
    pid=${directory#/proc/}
    case $victims in *" $pid "*) continue ;; esac
    set -- ${line##*) }
    [ "$1" = Z ] || [ "$pid" = $$ ] && continue
    ours=
    case $guarded$others in *" $pid:${20} "*) ours=1 ;; esac
    # Anybody can give his own process the mark; that of another user says nothing.
    case $marked in *" $directory/environ "*) [ -O "$directory" ] && ours=1 ;; esac
    case $victims in *" $2 "*) ours=1 ;; esac
    [ -z "$ours" ] && in_session "$4" "${20}" && ours=1
    [ -n "$ours" ] && victims="$victims$pid "
  done
}

clean=0
rounds=0
while [ $clean -lt 5 ] && [ $rounds -lt 1000 ]; do
  [ -n "$2" ] && echo 1 2>/dev/null >"$2/cgroup.kill"
  victims=' '
  before=
  # What a victim started is known by its parent only as long as that lives: first all, then the kill.
  while [ "$before" != "$victims" ]; do
    before=$victims
    look "$1"
  done
  if [ "$victims" = ' ' ]; then
    clean=$((clean + 1))
  else
    clean=0
    kill -9 $victims 2>/dev/null
  fi
  rounds=$((rounds + 1))
done
[ -n "$2" ] && (set +f; rmdir "$2"/*/ "$2" 2>/dev/null)
exit 0
