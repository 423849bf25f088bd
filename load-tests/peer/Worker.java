import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of the two workers that are measured. */
interface Worker {
    String name();

    int port();

    /** @return milliseconds from the command to the first answer that says the worker is ready */
    double start() throws Exception;

    void stop() throws Exception;

    void restart() throws Exception;

    boolean usesChroma();

    /** What a host does before tools are used: begins the session. */
    void host() throws Exception;

    /** @return wall and processor milliseconds of what the host runs after a tool */
    double[] toolHook(String session, int i) throws Exception;

    double[] promptHook(int i) throws Exception;

    boolean httpHooks();

    /** From the next start on a model makes the memories. */
    void askModel();

    /** How many tool uses wait for the model. */
    long waiting() throws Exception;

    /** The plain request of a session's first prompt. */
    byte[] beginSession(Wire wire, String session);

    byte[] endOfTurn(Wire wire, String session);

    /** The plain request of a tool use, whose id is {@code SESSION-i}. */
    byte[] toolUse(Wire wire, String session, int i);

    Path database();

    String toolUseTable();

    Worker forSearches(Path memories) throws Exception;

    default long pid() throws IOException {
        try (Wire wire = new Wire(port())) {
            return Peer.JSON.readTree(wire.exchange(wire.get("/api/health"))).path("pid").asLong();
        }
    }

    /** @param ends whether the command ends when the worker runs, rather than being the worker */
    default double startBy(Map<String, String> environment, Path log, List<String> command, boolean ends)
            throws Exception {
        long begin = System.nanoTime();
        Process process = Commands.launch(environment, log, command);
        Commands.await(name() + " is ready", () -> {
            try (Wire wire = new Wire(port())) {
                wire.exchange(wire.get("/api/readiness"));
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        double millis = (System.nanoTime() - begin) / 1e6;
        if (ends && !process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the start command does not end: " + command);
        }
        return millis;
    }
}
