package dev.cairn.config;

import java.util.List;
import java.util.stream.Stream;

/** Every setting the worker knows. The order is that of the documentation. */
public final class Keys {
    private static final long MIB = 1024 * 1024;

    private static final List<Key> PLAIN = List.of(
            Key.text("dataDir", "~/.cairn", "Where everything is kept; ~ is the home directory."),
            Key.text("http.host", "127.0.0.1", "The address to listen on; a loopback address."),
            Key.number("http.port", 37777, 0, 65535, "The port to listen on; 0 takes any free one."),
            Key.number("http.instances", 2, 1, 64, "How many event loops serve HTTP."),
            Key.number("http.maxConnections", 1_000, 16, 100_000, "How many connections may be open at once."),
            Key.number("http.maxBodyBytes", 8 * MIB, 1024, 1024 * MIB, "The largest request body, in bytes."),
            Key.number("http.maxDepth", 100, 8, 1000, "How deeply JSON in a request may be nested."),
            Key.texts(
                    "http.allowedHosts",
                    List.of("localhost", "127.0.0.1", "[::1]"),
                    "Host names a request may name, without port."),
            Key.texts(
                    "http.allowedOrigins",
                    List.of(),
                    "Web origins that may call, beside the worker's own; such as http://localhost:5173."),
            Key.word("http.auth", "off", List.of("off", "token"), "Whether requests need the bearer token."),
            Key.secret("http.token", "The bearer token; by default the one in the file token of the data directory."),
            Key.flag("http.compat", true, "Whether the routes of the claude-mem plugin are answered too."),
            Key.text(
                    "http.compatVersion",
                    "auto",
                    "The version told to that plugin, such as 13.25.3; auto tells the highest version that is installed."),
            Key.word(
                    "store.synchronous",
                    "normal",
                    List.of("normal", "full"),
                    "normal outlives a crash of the worker; full outlives a power failure too and is slower."),
            Key.number("store.readers", 2, 1, 16, "How many connections read the database."),
            Key.number("store.maxQueue", 4096, 64, 1_000_000, "How many writes may wait before more are refused."),
            Key.number(
                    "store.maxFieldBytes",
                    64 * 1024,
                    1024,
                    8 * MIB,
                    "The longest tool input or answer that is kept whole, in bytes; the middle of a longer one is cut."),
            Key.number(
                    "store.retention.days",
                    0,
                    0,
                    36_500,
                    "After how many days memories and raw events are forgotten; 0 keeps them for ever."),
            Key.number(
                    "store.retention.toolUseDays",
                    0,
                    0,
                    36_500,
                    "After how many days raw events are forgotten, when that is sooner; 0 keeps them as long as memories."),
            Key.number(
                    "store.retention.maxBytes",
                    0,
                    0,
                    1024 * 1024 * MIB,
                    "How large the database may grow before the oldest is forgotten, in bytes; 0 sets no bound."),
            Key.word(
                    "observer.provider",
                    "rules",
                    List.of("rules", "claude", "anthropic", "openai", "gemini", "custom"),
                    "What turns tool uses into observations; with all but rules, what was recorded is told to a model. custom is a"
                            + " provider on the class path."),
            Key.number("observer.max", 2, 0, 16, "How many observers work at once; 0 records and searches only."),
            Key.number("observer.attempts", 5, 1, 100, "How often a turn is tried before it is parked."),
            Key.number(
                    "observer.idleMs",
                    900_000,
                    1_000,
                    86_400_000,
                    "After how long without an event an open turn counts as ended, in milliseconds."),
            Key.number(
                    "observer.timeoutMs",
                    120_000,
                    100,
                    600_000,
                    "How long a model may take for one answer, in milliseconds."),
            Key.number(
                    "observer.batch.toolUses",
                    20,
                    1,
                    200,
                    "How many tool uses are told to a model at once at most; 1 for each alone."),
            Key.number(
                    "observer.batch.tokens",
                    12_000,
                    500,
                    200_000,
                    "How long what is told to a model at once may be, in tokens (estimated)."),
            Key.number(
                    "observer.historyTokens",
                    1_500,
                    0,
                    50_000,
                    "How much of what was observed earlier in its session a model is told, in tokens (estimated)."),
            Key.number("observer.outputTokens", 4_000, 256, 64_000, "How long a model's answer may be, in tokens."),
            Key.number(
                    "observer.budget.callsPerDay",
                    0,
                    0,
                    1_000_000,
                    "How many calls models get in a day (UTC); past it rules take over; 0 for no limit, as with all of these."),
            Key.number(
                    "observer.budget.tokensPerDay",
                    5_000_000,
                    0,
                    100_000_000_000L,
                    "How many tokens models read and write in a day (UTC), those from a cache among them."),
            Key.number(
                    "observer.budget.callsPerSession", 0, 0, 1_000_000, "How many calls models get for one session."),
            Key.number(
                    "observer.budget.tokensPerSession",
                    0,
                    0,
                    100_000_000_000L,
                    "How many tokens models read and write for one session."),
            Key.decimal(
                    "observer.budget.dollarsPerDay",
                    0,
                    0,
                    1_000_000,
                    "What models may cost in a day (UTC), in dollars, as far as prices are known."),
            Key.texts(
                    "observer.prices",
                    List.of(),
                    "Prices in dollars for a million tokens, each as MODEL=INPUT/OUTPUT or"
                            + " MODEL=INPUT/OUTPUT/CACHE_READ/CACHE_WRITE; MODEL may end with *."),
            Key.text(
                    "observer.proxy",
                    null,
                    "The HTTP proxy to models, such as http://127.0.0.1:3128; by default the environment's HTTPS_PROXY, HTTP_PROXY and"
                            + " NO_PROXY."),
            Key.texts("observer.claude.command", List.of("claude"), "Claude Code's program and first arguments."),
            Key.text("observer.claude.model", "haiku", "The model Claude Code is asked for."),
            Key.number(
                    "observer.claude.conversationTokens",
                    40_000,
                    0,
                    1_000_000,
                    "How long a conversation with one Claude Code may grow before another is started, in tokens (estimated); 0 starts"
                            + " one for each call."),
            Key.text("observer.anthropic.url", "https://api.anthropic.com", "The Messages API."),
            Key.secret("observer.anthropic.apiKey", "Its key; by default the environment's ANTHROPIC_API_KEY."),
            Key.text("observer.anthropic.model", "claude-haiku-4-5", "The model."),
            Key.text(
                    "observer.openai.url",
                    "https://api.openai.com/v1",
                    "An OpenAI-compatible API, such as http://127.0.0.1:11434/v1 for Ollama."),
            Key.secret(
                    "observer.openai.apiKey",
                    "Its key; by default the environment's OPENAI_API_KEY; servers on a loopback address need none."),
            Key.text("observer.openai.model", null, "The model; must be set, as each server has its own."),
            Key.word(
                    "observer.openai.output",
                    "auto",
                    List.of("auto", "schema", "json", "text"),
                    "How the answer's form is asked for: by a JSON schema, as JSON, or in words alone; auto goes down this list as far as"
                            + " the server refuses."),
            Key.text("observer.gemini.url", "https://generativelanguage.googleapis.com/v1beta", "The Gemini API."),
            Key.secret("observer.gemini.apiKey", "Its key; by default the environment's GEMINI_API_KEY."),
            Key.text("observer.gemini.model", "gemini-2.5-flash", "The model."),
            Key.text(
                    "observer.custom.provider",
                    null,
                    "The name of the provider on the class path; by default the only one there is."),
            Key.texts(
                    "observer.custom.options",
                    List.of(),
                    "Settings of a provider on the class path, each as NAME=VALUE."),
            Key.secret("observer.custom.apiKey", "The key of a provider on the class path."),
            Key.word(
                    "vector.mode",
                    "embedded",
                    List.of("embedded", "chroma-mcp", "chroma-http", "off"),
                    "The vector index; embedded keeps one in the worker, off searches by keyword, chroma-mcp one in a Chroma the"
                            + " worker starts, which needs uv and Python, chroma-http one in a Chroma server you run."),
            Key.text(
                    "vector.model",
                    "bge-small-en-v1.5-q",
                    "What turns texts into vectors in the modes embedded and chroma-http: a bundled model's name, or the path"
                            + " of a directory with an ONNX sentence model; another one means a new index."),
            Key.texts(
                    "vector.chroma.command",
                    List.of(),
                    "The Chroma MCP server's program and arguments; by default a pinned uvx chroma-mcp."),
            Key.number(
                    "vector.chroma.connectMs",
                    30_000,
                    100,
                    600_000,
                    "How long Chroma may take from its start to its first answer, in milliseconds."),
            Key.number(
                    "vector.chroma.installMs",
                    600_000,
                    1_000,
                    3_600_000,
                    "How long uv may take to install Chroma the first time, in milliseconds."),
            Key.text(
                    "vector.chroma.url",
                    "http://127.0.0.1:8000",
                    "The Chroma server of chroma-http; with another address than a loopback one memories leave this machine."),
            Key.secret(
                    "vector.chroma.token",
                    "The Chroma server's token, sent as a bearer token and as X-Chroma-Token; none by default."),
            Key.text("vector.chroma.tenant", "default_tenant", "The tenant on the Chroma server; made when missing."),
            Key.text("vector.chroma.database", "default_database", "The tenant's database; made when missing."),
            Key.word(
                    "search.mode",
                    "embedded",
                    List.of("embedded", "process"),
                    "Where search runs: in the worker, or in a search server of its own."),
            Key.texts(
                    "search.command",
                    List.of(),
                    "The search server's program and arguments; by default the worker's own jar."),
            Key.number(
                    "process.deadlineMs",
                    8_000,
                    1_000,
                    300_000,
                    "How long a stop may take in all before the worker ends itself, in milliseconds."),
            Key.number(
                    "process.graceMs",
                    1_500,
                    0,
                    60_000,
                    "How long a child may take after SIGTERM before it is killed, in milliseconds."),
            Key.number(
                    "process.sweepMs",
                    250,
                    50,
                    10_000,
                    "How often the worker looks for processes its children left behind, in milliseconds."),
            Key.word(
                    "process.cgroup",
                    "auto",
                    List.of("auto", "off"),
                    "Whether children get control groups of their own where the machine allows it."),
            Key.number(
                    "process.historyHours",
                    168,
                    1,
                    8_760,
                    "How long the history of counts and memory is kept, in hours."),
            Key.number(
                    "process.alerts.stopMs",
                    5_000,
                    100,
                    300_000,
                    "A child that takes longer to end raises an alert, in milliseconds."),
            Key.number(
                    "process.alerts.restarts",
                    5,
                    1,
                    1_000,
                    "So many failed starts of one kind within a minute open its circuit and raise an alert."),
            Key.text("process.alerts.webhook", null, "A loopback URL that alerts are posted to as JSON."),
            Key.number(
                    "watchdog.haltMs",
                    60_000,
                    0,
                    86_400_000,
                    "After how long a blocked event loop ends the worker with exit code 70, in milliseconds; 0 for never."),
            Key.texts(
                    "project.exclude",
                    List.of(),
                    "Directories (glob patterns) whose sessions are neither recorded nor given context."),
            Key.texts(
                    "project.names",
                    List.of(),
                    "Projects by directory, each as DIRECTORY=NAME; stands above what git says."),
            Key.flag(
                    "privacy.secrets", true, "Whether keys, tokens and passwords are removed before anything is kept."),
            Key.texts("privacy.patterns", List.of(), "Further regular expressions whose matches are removed."),
            Key.flag("context.enabled", true, "Whether a new session is told what is known."),
            Key.number("context.maxTokens", 2_000, 100, 2_500, "The budget of the context, in tokens."),
            Key.number("context.summaries", 10, 0, 50, "How many summaries the context shows at most."),
            Key.number("context.observations", 30, 0, 200, "How many observations the context shows at most."),
            Key.flag(
                    "context.prompt.enabled",
                    false,
                    "Whether a prompt is answered with the memories that bear on it; needs vector.mode embedded."),
            Key.number("context.prompt.memories", 3, 1, 10, "How many memories a prompt is answered with at most."),
            Key.number("context.prompt.maxTokens", 600, 200, 2_500, "The budget of that answer, in tokens."),
            Key.number(
                    "context.prompt.deadlineMs",
                    120,
                    10,
                    5_000,
                    "How long a prompt may take from its arrival to be answered with memories, in milliseconds; past it there"
                            + " are none."),
            Key.decimal(
                    "context.prompt.minCosine",
                    0,
                    0,
                    1,
                    "How near in meaning a memory must be to bear on a prompt, from 0 to 1; 0 takes what was measured for the"
                            + " bundled model, and for another model shows nothing."),
            Key.word("log.level", "info", List.of("error", "warn", "info", "debug", "trace"), "How much is logged."),
            Key.word(
                    "log.format",
                    "text",
                    List.of("text", "json"),
                    "Lines for people, or one JSON object a line; a terminal always gets text."),
            Key.number(
                    "log.maxBytes",
                    10 * MIB,
                    64 * 1024,
                    1024 * MIB,
                    "A log file of this size is put aside and a new one begun, in bytes."),
            Key.number("log.files", 5, 2, 20, "How many log files there are at most, the present one among them."));

    /** The kinds of children that limits are set for. */
    public static final List<String> CHILD_KINDS = List.of("chroma", "search", "agent");

    /** All keys. */
    public static final List<Key> ALL = Stream.concat(
                    PLAIN.stream(), CHILD_KINDS.stream().flatMap(Keys::limits))
            .toList();

    private static Stream<Key> limits(String kind) {
        String prefix = "process.limits." + kind + ".";
        return Stream.of(
                Key.number(
                        prefix + "memoryBytes",
                        kind.equals("search") ? 1024 * MIB : 2048 * MIB,
                        0,
                        1024 * 1024 * MIB,
                        "The memory of its whole tree, in bytes; 0 for no limit, as with all of these."),
                Key.decimal(
                        prefix + "cpus",
                        0,
                        0,
                        1024,
                        "How many processors its tree may keep busy for a minute; fractions such as 0.5 too."),
                Key.number(prefix + "processes", 32, 0, 100_000, "How many processes its tree may have."),
                Key.number(prefix + "openFiles", 0, 0, 1_000_000, "How many files each of its processes may open."),
                Key.number(
                        prefix + "maxAgeMs",
                        0,
                        0,
                        31_536_000_000L,
                        "After how long it is started anew, in milliseconds."),
                Key.number(
                        prefix + "idleMs",
                        kind.equals("search") ? 0 : 900_000,
                        0,
                        31_536_000_000L,
                        "After how long without work it is ended, in milliseconds."));
    }

    private Keys() {}
}
