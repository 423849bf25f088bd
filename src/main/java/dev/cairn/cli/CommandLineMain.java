package dev.cairn.cli;

import dev.cairn.config.ConfigException;
import dev.cairn.model.CairnException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help;

/** {@code cairn COMMAND}: exit codes are those of {@code ErrorCode}. */
public final class CommandLineMain {
    @Command(name = "cairn", description = "Persistent memory for coding agents.")
    private static final class Root {}

    private final Session session = new Session(System.getenv());
    private final Map<String, Supplier<Object>> commands = new LinkedHashMap<>();

    private CommandLineMain(WorkerStarter starter, DatabaseDoctor doctor) {
        commands.put("start", () -> new LifeCommands.Start(session, starter));
        commands.put("stop", () -> new LifeCommands.Stop(session));
        commands.put("restart", () -> new LifeCommands.Restart(session, starter));
        commands.put("status", () -> new LifeCommands.Status(session));
        commands.put("ps", () -> new ProcessCommands.Ps(session));
        commands.put("doctor", () -> new DoctorCommand(session, doctor));
        commands.put("logs", () -> new LogsCommand(session));
        commands.put("config", () -> new ConfigCommand(session));
        commands.put("search", () -> new MemoryCommands.Search(session));
        commands.put("timeline", () -> new MemoryCommands.Timeline(session));
        commands.put("show", () -> new MemoryCommands.Show(session));
        commands.put("context", () -> new MemoryCommands.Context(session));
        commands.put("save", () -> new WriteCommands.Save(session));
        commands.put("forget", () -> new WriteCommands.Forget(session));
        commands.put("export", () -> new CarryCommands.Export(session));
        commands.put("import", () -> new CarryCommands.Import(session));
        commands.put("mcp", () -> new McpCommand(session, starter));
    }

    /** Runs one command; blocks until it is done. */
    public static int run(String[] args, String version, WorkerStarter starter, DatabaseDoctor doctor) {
        return new CommandLineMain(starter, doctor).execute(args, version);
    }

    private int execute(String[] args, String version) {
        CommandLine line = new CommandLine(new Root());
        Supplier<Object> named = args.length == 0 ? null : commands.get(args[0]);
        if (named != null) {
            // Reading the annotations of all the others would take longer than the command.
            add(line, args[0], named, version);
        } else {
            commands.forEach((name, command) -> add(line, name, command, version));
        }
        line.setExecutionExceptionHandler((failure, command, result) -> report(failure));
        line.setColorScheme(Help.defaultColorScheme(session.terminal().colours() ? Help.Ansi.ON : Help.Ansi.OFF));
        return line.execute(args);
    }

    private static void add(CommandLine line, String name, Supplier<Object> command, String version) {
        line.addSubcommand(name, command.get());
        CommandLine.Model.CommandSpec spec = line.getSubcommands().get(name).getCommandSpec();
        spec.mixinStandardHelpOptions(true).version("cairn " + version);
        spec.subcommands().values().forEach(inner -> inner.getCommandSpec().mixinStandardHelpOptions(true));
    }

    private static int report(@Nullable Exception failure) {
        if (failure instanceof CairnException refusal) {
            System.err.println("cairn: " + refusal.getMessage());
            return refusal.code().exitCode();
        }
        if (failure instanceof ConfigException wrong) {
            System.err.println("cairn: " + wrong.getMessage());
            return ExitCode.USAGE;
        }
        System.err.println("cairn: " + failure);
        return ExitCode.SOFTWARE;
    }
}
