package dev.cairn.vector;

import dev.cairn.config.VectorConfig;
import dev.cairn.process.ChildEnvironment;
import dev.cairn.process.ChildSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How Chroma's MCP server is started: program, environment, directories. Of the worker's environment it gets what is on a
 * list, so that a Python environment of the launching shell cannot reach it.
 */
final class ChromaCommand {
    /** The kind of child, as in {@code process.limits.chroma}. */
    static final String KIND = "chroma";

    private static final String VERSION = "chroma-mcp==0.2.6";
    /** From the oldest that chroma-mcp takes to the newest that the pinned pydantic does. */
    private static final String PYTHON = ">=3.10,<3.14";

    /** It does not end at the end of its input (seen with 0.2.6), so that step is kept short. */
    private static final long EOF_GRACE_MS = 100;

    private final VectorConfig config;
    private final long termGraceMs;
    private final ChromaFiles files;
    private final Map<String, String> environment;

    /**
     * @param termGraceMs how long it may take after SIGTERM
     * @param environment the worker's own
     */
    ChromaCommand(VectorConfig config, long termGraceMs, ChromaFiles files, Map<String, String> environment) {
        this.config = config;
        this.termGraceMs = termGraceMs;
        this.files = files;
        this.environment = Map.copyOf(environment);
    }

    /** Whether it is the default, which uv installs when it is first run; a configured one is taken to be there. */
    boolean installable() {
        return config.chromaCommand().isEmpty();
    }

    /** The server itself. Once installed it needs no network, and gets none of uv's. */
    ChildSpec server() {
        Map<String, String> variables = environment();
        List<String> argv = new ArrayList<>(config.chromaCommand());
        if (installable()) {
            argv.addAll(uvx());
            argv.addAll(List.of(
                    "--client-type",
                    "persistent",
                    "--data-dir",
                    files.database().toString()));
            variables.put("UV_OFFLINE", "1");
        }
        return spec(argv, variables);
    }

    /** Installs the server when it is missing, and ends. */
    ChildSpec installation() {
        List<String> argv = new ArrayList<>(uvx());
        argv.add("--help");
        return spec(argv, environment());
    }

    private ChildSpec spec(List<String> argv, Map<String, String> variables) {
        return new ChildSpec(KIND, argv, variables, files.work(), EOF_GRACE_MS, termGraceMs);
    }

    private List<String> uvx() {
        return List.of(
                program(),
                "--python",
                PYTHON,
                "--constraints",
                files.constraints().toString(),
                "--from",
                VERSION,
                "chroma-mcp");
    }

    /** On the PATH, or where pip and uv's own installer put it for a user whose PATH does not tell. */
    private String program() {
        List<Path> directories = new ArrayList<>();
        for (String each : environment.getOrDefault("PATH", "").split(java.io.File.pathSeparator, -1)) {
            if (!each.isBlank()) {
                directories.add(Path.of(each));
            }
        }
        String home = environment.get("HOME");
        if (home != null) {
            directories.add(Path.of(home, ".local", "bin"));
        }
        for (Path directory : directories) {
            Path program = directory.resolve("uvx");
            if (Files.isExecutable(program) && !Files.isDirectory(program)) {
                return program.toString();
            }
        }
        return "uvx";
    }

    private Map<String, String> environment() {
        Map<String, String> variables = ChildEnvironment.uv(environment);
        if (installable()) {
            variables.putAll(PipSettings.forUv(environment));
            variables.put("UV_PYTHON_DOWNLOADS", "never");
        }
        variables.put("ANONYMIZED_TELEMETRY", "False");
        variables.put("NO_COLOR", "1");
        variables.put("CHROMA_CLIENT_TYPE", "persistent");
        variables.put("CHROMA_DATA_DIR", files.database().toString());
        return variables;
    }
}
