package dev.cairn.process;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What of the worker's environment a child may need: a list of what is passed, as a list of what is not never ends. */
public final class ChildEnvironment {
    /** What programs need to find others, themselves and the user's files. */
    private static final Set<String> PROGRAMS = Set.of(
            "HOME",
            "PATH",
            "USER",
            "LOGNAME",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "TMPDIR",
            "TEMP",
            "TMP",
            "SystemRoot",
            "SYSTEMROOT",
            "LOCALAPPDATA",
            "APPDATA",
            "USERPROFILE",
            "XDG_CACHE_HOME",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME");

    /** What leads to the network. */
    private static final Set<String> NETWORK = Set.of(
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "REQUESTS_CA_BUNDLE",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
            "NO_PROXY",
            "http_proxy",
            "https_proxy",
            "all_proxy",
            "no_proxy");

    /** What logs Claude Code in, at Anthropic or with a cloud that has its models, and leads it there. */
    private static final Set<String> LOGIN = Set.of(
            "CLAUDE_CODE_OAUTH_TOKEN",
            "CLAUDE_CONFIG_DIR",
            "CLAUDE_CODE_USE_BEDROCK",
            "CLAUDE_CODE_USE_VERTEX",
            "CLAUDE_CODE_USE_FOUNDRY",
            "CLAUDE_CODE_SKIP_BEDROCK_AUTH",
            "CLAUDE_CODE_SKIP_VERTEX_AUTH",
            "CLAUDE_CODE_SKIP_FOUNDRY_AUTH",
            "CLAUDE_CODE_CLIENT_CERT",
            "CLAUDE_CODE_CLIENT_KEY",
            "CLAUDE_CODE_CLIENT_KEY_PASSPHRASE",
            "CLOUD_ML_REGION",
            "GOOGLE_APPLICATION_CREDENTIALS",
            "GOOGLE_CLOUD_PROJECT",
            "GCLOUD_PROJECT",
            "NODE_EXTRA_CA_CERTS");

    private ChildEnvironment() {}

    /** For a child that runs on this machine alone. */
    public static Map<String, String> local(Map<String, String> all) {
        Map<String, String> some = new TreeMap<>(all);
        some.keySet().retainAll(PROGRAMS);
        return some;
    }

    /** For a child that runs uv: with the network and uv's own settings, but nothing of a Python environment. */
    public static Map<String, String> uv(Map<String, String> all) {
        Map<String, String> some = new TreeMap<>(all);
        some.keySet().removeIf(name -> !PROGRAMS.contains(name) && !NETWORK.contains(name) && !name.startsWith("UV_"));
        return some;
    }

    /** For a child that starts uv in its turn: with pip's settings too, which uv is told. */
    public static Map<String, String> aboveUv(Map<String, String> all) {
        Map<String, String> some = uv(all);
        all.forEach((name, value) -> {
            if (name.startsWith("PIP_")) {
                some.put(name, value);
            }
        });
        return some;
    }

    /** For Claude Code: with the network and what logs it in, but nothing that tells it how to behave. */
    public static Map<String, String> agent(Map<String, String> all) {
        Map<String, String> some = new TreeMap<>(all);
        some.keySet()
                .removeIf(name -> !PROGRAMS.contains(name)
                        && !NETWORK.contains(name)
                        && !LOGIN.contains(name)
                        && !name.startsWith("ANTHROPIC_")
                        && !name.startsWith("AWS_")
                        && !name.startsWith("VERTEX_REGION_"));
        return some;
    }
}
