package dev.cairn.config;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Builds the configuration from its sources. A later one stands above an earlier one: defaults, the conf file, the settings
 * file in the data directory, the environment, the launcher's options.
 */
public final class ConfigLoader {
    private ConfigLoader() {}

    /**
     * Reads every source.
     *
     * @param confFile the conf file's content; empty when there is none
     * @param environment the process's environment
     * @param options what the launcher was told directly; empty when nothing
     * @throws ConfigException for an unknown key or a value that does not fit
     */
    public static CairnConfig load(JsonObject confFile, Map<String, String> environment, JsonObject options) {
        Settings settings = Settings.of(confFile, environment, options);
        return build(settings.values(), settings);
    }

    /** The defaults with these values above them, without environment and files: for tests and for embedding. */
    public static CairnConfig of(JsonObject options) {
        Settings settings = Settings.fixed(options);
        return build(settings.values(), settings);
    }

    /** @param settings what {@code values} were read from */
    static CairnConfig build(Values values, Settings settings) {
        return new CairnConfig(
                settings.dataDir(),
                http(values, settings),
                new StoreConfig(
                        values.text("store.synchronous").equals("full"),
                        values.number("store.readers"),
                        values.number("store.maxQueue"),
                        values.number("store.maxFieldBytes"),
                        new StoreConfig.Retention(
                                values.number("store.retention.days"),
                                values.number("store.retention.toolUseDays"),
                                values.large("store.retention.maxBytes"))),
                observer(values),
                new VectorConfig(
                        values.text("vector.mode"),
                        values.text("vector.model"),
                        values.texts("vector.chroma.command"),
                        values.number("vector.chroma.connectMs"),
                        values.number("vector.chroma.installMs"),
                        ChromaServer.of(
                                values.text("vector.chroma.url"),
                                values.optionalText("vector.chroma.token"),
                                values.text("vector.chroma.tenant"),
                                values.text("vector.chroma.database"))),
                new SearchConfig(values.text("search.mode"), values.texts("search.command")),
                process(values),
                new WatchdogConfig(values.number("watchdog.haltMs")),
                new ProjectConfig(values.texts("project.exclude"), values.texts("project.names")),
                new PrivacyConfig(values.flag("privacy.secrets"), values.texts("privacy.patterns")),
                new ContextConfig(
                        values.flag("context.enabled"),
                        values.number("context.maxTokens"),
                        values.number("context.summaries"),
                        values.number("context.observations"),
                        new ContextConfig.Prompt(
                                values.flag("context.prompt.enabled"),
                                values.number("context.prompt.memories"),
                                values.number("context.prompt.maxTokens"),
                                values.number("context.prompt.deadlineMs"),
                                values.decimal("context.prompt.minCosine"))),
                new LogConfig(
                        values.text("log.level"),
                        values.text("log.format").equals("json"),
                        values.large("log.maxBytes"),
                        values.number("log.files")),
                settings);
    }

    private static HttpConfig http(Values values, Settings settings) {
        boolean tokenRequired = values.text("http.auth").equals("token");
        String token = values.optionalText("http.token");
        if (tokenRequired && token == null) {
            token = TokenFile.ensure(settings.dataDir());
        }
        return new HttpConfig(
                values.text("http.host"),
                values.number("http.port"),
                values.number("http.instances"),
                values.number("http.maxConnections"),
                values.number("http.maxBodyBytes"),
                values.number("http.maxDepth"),
                values.texts("http.allowedHosts"),
                values.texts("http.allowedOrigins"),
                tokenRequired,
                token,
                values.flag("http.compat"),
                values.text("http.compatVersion"));
    }

    private static ObserverConfig observer(Values values) {
        return new ObserverConfig(
                values.text("observer.provider"),
                values.number("observer.max"),
                values.number("observer.attempts"),
                values.number("observer.idleMs"),
                values.number("observer.timeoutMs"),
                new ObserverConfig.Batch(
                        values.number("observer.batch.toolUses"),
                        values.number("observer.batch.tokens"),
                        values.number("observer.historyTokens"),
                        values.number("observer.outputTokens")),
                new ObserverConfig.Budget(
                        values.number("observer.budget.callsPerDay"),
                        values.large("observer.budget.tokensPerDay"),
                        values.number("observer.budget.callsPerSession"),
                        values.large("observer.budget.tokensPerSession"),
                        values.decimal("observer.budget.dollarsPerDay")),
                Prices.parse(values.texts("observer.prices")),
                values.optionalText("observer.proxy"),
                new ObserverConfig.Claude(
                        values.texts("observer.claude.command"),
                        values.text("observer.claude.model"),
                        values.number("observer.claude.conversationTokens")),
                new ObserverConfig.Api(
                        values.text("observer.anthropic.url"),
                        values.optionalText("observer.anthropic.apiKey"),
                        values.text("observer.anthropic.model")),
                new ObserverConfig.Api(
                        values.text("observer.openai.url"),
                        values.optionalText("observer.openai.apiKey"),
                        values.optionalText("observer.openai.model")),
                values.text("observer.openai.output"),
                new ObserverConfig.Api(
                        values.text("observer.gemini.url"),
                        values.optionalText("observer.gemini.apiKey"),
                        values.text("observer.gemini.model")),
                new ObserverConfig.Custom(
                        values.optionalText("observer.custom.provider"),
                        options(values.texts("observer.custom.options")),
                        values.optionalText("observer.custom.apiKey")));
    }

    private static Map<String, String> options(List<String> lines) {
        Map<String, String> options = new TreeMap<>();
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new ConfigException("observer.custom.options: '" + line + "' is not of the form NAME=VALUE");
            }
            options.put(
                    line.substring(0, equals).strip(),
                    line.substring(equals + 1).strip());
        }
        return options;
    }

    private static ProcessConfig process(Values values) {
        Map<String, ProcessConfig.Limits> limits = new TreeMap<>();
        for (String kind : Keys.CHILD_KINDS) {
            String prefix = "process.limits." + kind + ".";
            limits.put(
                    kind,
                    new ProcessConfig.Limits(
                            values.large(prefix + "memoryBytes"),
                            values.decimal(prefix + "cpus"),
                            values.number(prefix + "processes"),
                            values.number(prefix + "openFiles"),
                            values.large(prefix + "maxAgeMs"),
                            values.large(prefix + "idleMs")));
        }
        if (values.text("search.mode").equals("process")
                && values.text("vector.mode").equals("chroma-mcp")) {
            // Its tree has a Chroma of its own, and for a moment a second one.
            ProcessConfig.Limits chroma = limits.getOrDefault("chroma", ProcessConfig.Limits.NONE);
            limits.computeIfPresent("search", (kind, search) -> search.with(chroma, 2));
        }
        return new ProcessConfig(
                values.number("process.deadlineMs"),
                values.number("process.graceMs"),
                values.number("process.sweepMs"),
                values.text("process.cgroup").equals("auto"),
                values.number("process.historyHours"),
                Map.copyOf(limits),
                new ProcessConfig.Alerts(
                        values.number("process.alerts.stopMs"),
                        values.number("process.alerts.restarts"),
                        values.optionalText("process.alerts.webhook")));
    }
}
