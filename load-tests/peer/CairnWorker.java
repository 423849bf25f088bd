import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Cairn, as {@code cairn start} runs it. */
final class CairnWorker implements Worker {
    final Map<String, String> environment;
    private final Path directory;
    private final String command = System.getenv("PEER_REPOSITORY") + "/deploy/bin/cairn";
    private Wire host;

    CairnWorker(Path directory) throws IOException {
        this.directory = directory;
        environment = Environments.of(directory);
        environment.put("CAIRN_DATA_DIR", directory.resolve("data").toString());
        environment.put("CAIRN_PORT", "37777");
    }

    @Override
    public String name() {
        return "Cairn";
    }

    @Override
    public int port() {
        return 37777;
    }

    @Override
    public double start() throws Exception {
        return startBy(environment, log(), List.of(command, "start"), true);
    }

    @Override
    public void stop() throws Exception {
        Commands.run(environment, log(), List.of(command, "stop"));
    }

    @Override
    public void restart() throws Exception {
        Commands.run(environment, log(), List.of(command, "restart"));
    }

    double startJar() throws Exception {
        return startBy(environment, log(), List.of("java", "-jar", System.getenv("PEER_REPOSITORY") + "/target/cairn.jar"), false);
    }

    private Path log() {
        return directory.resolve("commands.log");
    }

    @Override
    public boolean usesChroma() {
        return "chroma-mcp".equals(environment.get("CAIRN_VECTOR_MODE"));
    }

    @Override
    public void host() throws Exception {
        host = null;
        for (String session : List.of("rest", "hooks")) {
            try (Wire wire = new Wire(port())) {
                wire.exchange(beginSession(wire, session));
            }
        }
    }

    /** The host has a connection to the worker already: its hooks of tools are requests of its own. */
    @Override
    public double[] toolHook(String session, int i) throws Exception {
        if (host == null) {
            host = new Wire(port());
        }
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long begin = System.nanoTime();
        host.exchange(toolUse(host, session, i));
        double wall = (System.nanoTime() - begin) / 1e6;
        return new double[] {wall, (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e6};
    }

    @Override
    public double[] promptHook(int i) throws Exception {
        String headers = System.getenv("PEER_REPOSITORY") + "/deploy/claude-code/cairn/hooks/headers.txt";
        return Commands.timed(
                environment,
                directory,
                prompt("hooks", i),
                "curl -q -s -f -m 2 --connect-timeout 1 --noproxy '*' -H @" + headers
                        + " --data-binary @- http://127.0.0.1:37777/hooks/UserPromptSubmit --next -s file:///dev/null");
    }

    @Override
    public boolean httpHooks() {
        return true;
    }

    @Override
    public void askModel() {
        environment.put("CAIRN_VECTOR_MODE", "embedded");
        environment.put("CAIRN_OBSERVER_PROVIDER", "openai");
        environment.put("CAIRN_OBSERVER_OPENAI_URL", "http://127.0.0.1:" + Peer.MODEL_PORT + "/v1");
        environment.put("CAIRN_OBSERVER_OPENAI_MODEL", "silent");
    }

    @Override
    public long waiting() throws SQLException {
        try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + database());
                ResultSet row = file.createStatement()
                        .executeQuery("SELECT COUNT(*) FROM tool_use WHERE observed = 0 AND tool_use_id LIKE 'rest-1___'")) {
            return row.getLong(1);
        }
    }

    @Override
    public byte[] endOfTurn(Wire wire, String session) {
        return wire.post(
                "/hooks/Stop",
                Bodies.hook(session, "Stop", Map.of("stop_hook_active", false, "last_assistant_message", "It retries now.")));
    }

    private String prompt(String session, int i) {
        return Bodies.hook(session, "UserPromptSubmit", Map.of("prompt", "Make the rain gauge retry, round " + i));
    }

    @Override
    public byte[] beginSession(Wire wire, String session) {
        return wire.post("/hooks/UserPromptSubmit", prompt(session, 0));
    }

    @Override
    public byte[] toolUse(Wire wire, String session, int i) {
        return wire.post("/hooks/PostToolUse", Bodies.toolHook(session, i));
    }

    @Override
    public Path database() {
        return directory.resolve("data/cairn.db");
    }

    @Override
    public String toolUseTable() {
        return "tool_use";
    }

    @Override
    public Worker forSearches(Path memories) throws Exception {
        CairnWorker other = new CairnWorker(memories.resolve("cairn"));
        other.environment.put("CAIRN_VECTOR_MODE", "off");
        if (!Files.exists(memories.resolve("imported"))) {
            Files.createDirectories(memories.resolve("cairn"));
            other.start();
            Commands.run(
                    other.environment,
                    memories.resolve("import.log"),
                    List.of(command, "import", "--from", "claude-mem", memories.resolve("claude-mem.db").toString()));
            other.stop();
            Files.createFile(memories.resolve("imported"));
        }
        return other;
    }
}
