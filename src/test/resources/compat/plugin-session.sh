#!/usr/bin/env bash
# A session with the real plugin, in a network namespace of its own: the worker on its default port, then each of the plugin's hooks by
# the very command of its hooks.json, then its MCP server. What each says is left in OUT for the test.
#   plugin-session.sh DIR JAVA JAR INSTALLED
set -u
dir=$1 java=$2 jar=$3 installed=$4
out=$dir/out
export HOME=$dir/home PATH=$installed/bin:$PATH DO_NOT_TRACK=1 CLAUDE_MEM_TELEMETRY=false
unset CLAUDE_CONFIG_DIR CLAUDE_MEM_WORKER_PORT http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
ip link set lo up
mkdir -p "$out" "$HOME/.claude-mem" "$dir/data" "$dir/larkspur/src"
cp -r "$installed/config" "$HOME/.claude"
plugin=$(ls -d "$HOME"/.claude/plugins/cache/thedotmack/claude-mem/*)
export CLAUDE_PLUGIN_ROOT=$plugin
# The one setting that the page asks for.
echo '{"CLAUDE_MEM_WORKER_PORT":"37777"}' >"$HOME/.claude-mem/settings.json"
git init -q "$dir/larkspur"
{ echo 'export function readGauge(mm) { return mm; }'; for i in $(seq 100); do echo "// line $i of the rain gauge"; done; } \
  >"$dir/larkspur/src/gauge.js"
cd "$dir/larkspur"

CAIRN_DATA_DIR=$dir/data CAIRN_VECTOR_MODE=off "$java" -Xmx512m -jar "$jar" >"$out/worker.txt" 2>"$out/worker-errors.txt" &
worker=$!
# However this ends, the worker ends with it.
trap 'kill "$worker" 2>/dev/null' EXIT
trap 'exit 1' TERM INT
for _ in $(seq 300); do
  grep -q '^cairn ready' "$out/worker.txt" && break
  sleep 0.2
done

# hook NAME EVENT INDEX < INPUT
hook() {
  local command
  command=$(node -e 'const h=JSON.parse(require("fs").readFileSync(process.argv[1])).hooks[process.argv[2]];
    process.stdout.write(h.flatMap(g=>g.hooks)[process.argv[3]].command)' "$plugin/hooks/hooks.json" "$2" "$3")
  timeout 60 bash -c "$command" >"$out/$1.out" 2>"$out/$1.err"
  echo $? >"$out/$1.code"
}
common="\"session_id\":\"plugin-1\",\"transcript_path\":\"$dir/transcript.jsonl\",\"cwd\":\"$dir/larkspur\""
said='I added a retry with backoff to readGauge in src/gauge.js; all 12 tests pass.'
printf '%s\n' '{"type":"user","message":{"role":"user","content":"Make the rain gauge retry"}}' \
  "{\"type\":\"assistant\",\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"$said\"}]}}" \
  >"$dir/transcript.jsonl"

hook 1-start SessionStart 0 <<<"{$common,\"hook_event_name\":\"SessionStart\",\"source\":\"startup\"}"
hook 2-context SessionStart 1 <<<"{$common,\"hook_event_name\":\"SessionStart\",\"source\":\"startup\"}"
hook 3-prompt UserPromptSubmit 0 <<<"{$common,\"hook_event_name\":\"UserPromptSubmit\",\"prompt\":\"Make the rain gauge retry when the sensor is busy\"}"
hook 4-edit PostToolUse 0 <<<"{$common,\"hook_event_name\":\"PostToolUse\",\"tool_name\":\"Edit\",\"tool_use_id\":\"toolu_01B\",\"tool_input\":{\"file_path\":\"$dir/larkspur/src/gauge.js\",\"old_string\":\"return mm;\",\"new_string\":\"return retry(() => mm, 3);\"},\"tool_response\":{\"filePath\":\"$dir/larkspur/src/gauge.js\",\"oldString\":\"return mm;\",\"newString\":\"return retry(() => mm, 3);\",\"structuredPatch\":[]}}"
hook 5-test PostToolUse 0 <<<"{$common,\"hook_event_name\":\"PostToolUse\",\"tool_name\":\"Bash\",\"tool_use_id\":\"toolu_01C\",\"tool_input\":{\"command\":\"npm test\",\"description\":\"Run tests\"},\"tool_response\":{\"stdout\":\"12 passing\",\"stderr\":\"\",\"interrupted\":false,\"isImage\":false}}"
hook 6-stop Stop 0 <<<"{$common,\"hook_event_name\":\"Stop\",\"stop_hook_active\":false,\"last_assistant_message\":\"$said\"}"
get() { node -e 'fetch("http://127.0.0.1:37777"+process.argv[1]).then(r=>r.text()).then(t=>console.log(t),e=>{console.error(e);process.exit(1)})' "$1"; }
for _ in $(seq 150); do
  get /api/stats >"$out/stats.json"
  node -e 'const s=JSON.parse(require("fs").readFileSync(process.argv[1]));process.exit(s.summaries>0&&s.observations>0?0:1)' \
    "$out/stats.json" && break
  sleep 0.2
done
hook 7-file PreToolUse 0 <<<"{$common,\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Read\",\"tool_input\":{\"file_path\":\"$dir/larkspur/src/gauge.js\"}}"
hook 8-end SessionEnd 0 <<<"{$common,\"hook_event_name\":\"SessionEnd\",\"reason\":\"exit\"}"
next=${common/plugin-1/plugin-2}
hook 9-next SessionStart 1 <<<"{$next,\"hook_event_name\":\"SessionStart\",\"source\":\"startup\"}"
for list in sessions prompts tool-uses observations projects; do get "/api/$list" >"$out/$list.json"; done
get /api/health >"$out/health.json"

# The MCP server, by the command of the plugin's .mcp.json.
mapfile -d '' -t mcp < <(node -e 'const s=JSON.parse(require("fs").readFileSync(process.argv[1])).mcpServers["mcp-search"];
  for(const a of [s.command,...s.args])process.stdout.write(a+"\0")' "$plugin/.mcp.json")
coproc MCP { exec "${mcp[@]}" 2>"$out/mcp-errors.txt"; }
mcp_pid=$MCP_PID
ask() {
  local line
  printf '%s\n' "$2" >&"${MCP[1]}"
  while IFS= read -t 30 -r line <&"${MCP[0]}"; do
    case $line in *"\"id\":$1"*) printf '%s\n' "$line" >"$out/mcp-$1.json"; return ;; esac
  done
}
ask 1 '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"it","version":"1"}}}'
printf '%s\n' '{"jsonrpc":"2.0","method":"notifications/initialized"}' >&"${MCP[1]}"
ask 2 '{"jsonrpc":"2.0","id":2,"method":"tools/list"}'
ask 3 '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"search","arguments":{"query":"gauge retry","project":"larkspur"}}}'
ask 4 '{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"timeline","arguments":{"query":"gauge","depth_before":3,"depth_after":3}}}'
id=$(node -e 'console.log(JSON.parse(require("fs").readFileSync(process.argv[1])).items[0].id)' "$out/observations.json")
ask 5 "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\",\"params\":{\"name\":\"get_observations\",\"arguments\":{\"ids\":[$id]}}}"
ask 6 '{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"get_tool_uses","arguments":{"ids":["toolu_01B"]}}}'
id=$(node -e 'fetch("http://127.0.0.1:37777/api/summaries").then(r=>r.json()).then(p=>console.log(p.items[0].id))')
ask 7 "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"get_observations\",\"arguments\":{\"ids\":[$id]}}}"
eval "exec ${MCP[1]}>&-"
for _ in $(seq 50); do kill -0 "$mcp_pid" 2>/dev/null || break; sleep 0.1; done
kill "$mcp_pid" 2>/dev/null

kill -0 "$worker" && echo alive >"$out/worker-at-end.txt"
kill "$worker"
wait "$worker"
echo $? >"$out/worker.code"
ls -A "$HOME/.claude-mem" >"$out/claude-mem-files.txt"
# Whoever still names this directory was left behind; a process that is ending has a moment.
for _ in $(seq 50); do
  ps -eo pid=,args= | grep -F "$dir" | grep -vE "plugin-session\.sh|grep" >"$out/left.txt" || break
  sleep 0.1
done
