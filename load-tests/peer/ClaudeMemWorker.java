import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** The worker of claude-mem, by its own commands. Its model is the silent one. */
final class ClaudeMemWorker implements Worker {
    private final Map<String, String> environment;
    private final Path directory;
    private final Path plugin = Path.of(System.getenv("PEER_PLUGIN"));
    private final Path home;
    private final String hooks;

    ClaudeMemWorker(Path directory) throws IOException {
        this.directory = directory;
        environment = Environments.of(directory);
        home = Path.of(environment.get("HOME"));
        hooks = Files.readString(plugin.resolve("hooks/hooks.json"));
        environment.put("CLAUDE_PLUGIN_ROOT", plugin.toString());
        environment.put("UV_CONSTRAINT", System.getenv("PEER_INSTALLED") + "/constraints.txt");
        environment.put("CLAUDE_MEM_PYTHON_VERSION", System.getenv("PEER_PYTHON"));
        environment.put("CLAUDE_MEM_TELEMETRY", "0");
        environment.put("CLAUDE_MEM_TELEMETRY_ERRORS", "0");
        environment.put("CLAUDE_MEM_ONLINE_OPTIN", "false");
        Files.createDirectories(home.resolve(".claude-mem"));
        Files.createDirectories(home.resolve(".claude/plugins/cache/thedotmack/claude-mem"));
        Path link = home.resolve(".claude/plugins/cache/thedotmack/claude-mem/" + plugin.getFileName());
        if (!Files.exists(link)) {
            Files.createSymbolicLink(link, plugin);
        }
        settings(true);
    }

    private void settings(boolean chroma) throws IOException {
        Files.writeString(
                home.resolve(".claude-mem/settings.json"),
                Peer.JSON.writeValueAsString(Map.of(
                        "CLAUDE_MEM_WORKER_PORT", "37700",
                        "CLAUDE_MEM_PROVIDER", "openrouter",
                        "CLAUDE_MEM_OPENROUTER_API_KEY", "made-up",
                        "CLAUDE_MEM_OPENROUTER_BASE_URL", "http://127.0.0.1:" + Peer.MODEL_PORT + "/v1",
                        "CLAUDE_MEM_CHROMA_ENABLED", Boolean.toString(chroma))));
    }

    @Override
    public String name() {
        return "claude-mem";
    }

    @Override
    public int port() {
        return 37700;
    }

    private List<String> command(String verb) {
        return List.of(
                "node",
                plugin.resolve("scripts/bun-runner.js").toString(),
                plugin.resolve("scripts/worker-service.cjs").toString(),
                verb);
    }

    @Override
    public double start() throws Exception {
        return startBy(environment, log(), command("start"), true);
    }

    @Override
    public void stop() throws Exception {
        Commands.run(environment, log(), command("stop"));
    }

    @Override
    public void restart() throws Exception {
        Commands.run(environment, log(), command("restart"));
    }

    private Path log() {
        return directory.resolve("commands.log");
    }

    @Override
    public boolean usesChroma() {
        return true;
    }

    @Override
    public void host() throws Exception {
        for (String session : List.of("rest", "hooks")) {
            hook("UserPromptSubmit", prompt(session, 0));
        }
    }

    private String prompt(String session, int i) {
        return Bodies.hook(session, "UserPromptSubmit", Map.of("prompt", "Make the rain gauge retry, round " + i));
    }

    private double[] hook(String event, String body) throws Exception {
        String command = Peer.JSON.readTree(hooks).at("/hooks/" + event + "/0/hooks/0/command").asText();
        return Commands.timed(environment, directory, body, command);
    }

    @Override
    public double[] toolHook(String session, int i) throws Exception {
        return hook("PostToolUse", Bodies.toolHook(session, i));
    }

    @Override
    public double[] promptHook(int i) throws Exception {
        return hook("UserPromptSubmit", prompt("hooks", i));
    }

    @Override
    public boolean httpHooks() {
        return false;
    }

    /** It asks one from the first start on: it has no other way to make a memory. */
    @Override
    public void askModel() {}

    @Override
    public long waiting() throws IOException {
        try (Wire wire = new Wire(port())) {
            return Peer.JSON.readTree(wire.exchange(wire.get("/api/processing-status")))
                    .path("queueDepth")
                    .asLong();
        }
    }

    @Override
    public byte[] endOfTurn(Wire wire, String session) {
        return wire.post(
                "/api/sessions/summarize",
                Bodies.json(Map.of(
                        "contentSessionId", session,
                        "platformSource", "claude",
                        "last_assistant_message", "It retries now.")));
    }

    @Override
    public byte[] beginSession(Wire wire, String session) {
        return wire.post(
                "/api/sessions/init",
                Bodies.json(Map.of(
                        "contentSessionId", session,
                        "platformSource", "claude",
                        "project", "larkspur",
                        "prompt", "Make the rain gauge retry")));
    }

    @Override
    public byte[] toolUse(Wire wire, String session, int i) {
        return wire.post("/api/sessions/observations", Bodies.toolRequest(session, i));
    }

    @Override
    public Path database() {
        return home.resolve(".claude-mem/claude-mem.db");
    }

    @Override
    public String toolUseTable() {
        return "tool_uses";
    }

    @Override
    public Worker forSearches(Path memories) throws Exception {
        ClaudeMemWorker other = new ClaudeMemWorker(memories.resolve("claude-mem"));
        other.settings(false);
        if (!Files.exists(memories.resolve("claude-mem.db"))) {
            other.start();
            other.stop();
            Words.fill(other.database());
            try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + other.database());
                    Statement statement = database.createStatement()) {
                statement.execute("VACUUM INTO '" + memories.resolve("claude-mem.db") + "'");
            }
        }
        return other;
    }
}
