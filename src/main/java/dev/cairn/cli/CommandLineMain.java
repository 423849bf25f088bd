package dev.cairn.cli;

import dev.cairn.config.ConfigException;
import dev.cairn.model.CairnException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** {@code cairn COMMAND}: exit codes are those of {@code ErrorCode}. */
public final class CommandLineMain {
    @Command(name = "cairn", description = "Persistent memory for coding agents.")
    private static final class Root {}

    private CommandLineMain() {}

    /** Runs one command; blocks until it is done. */
    public static int run(String[] args, String version, WorkerStarter starter) {
        Session session = new Session(System.getenv());
        CommandLine commands = new CommandLine(new Root())
                .addSubcommand("start", new LifeCommands.Start(session, starter))
                .addSubcommand("stop", new LifeCommands.Stop(session))
                .addSubcommand("restart", new LifeCommands.Restart(session, starter))
                .addSubcommand("status", new LifeCommands.Status(session))
                .addSubcommand("ps", new ProcessCommands.Ps(session))
                .addSubcommand("doctor", new ProcessCommands.Doctor(session))
                .addSubcommand("search", new MemoryCommands.Search(session))
                .addSubcommand("timeline", new MemoryCommands.Timeline(session))
                .addSubcommand("show", new MemoryCommands.Show(session))
                .addSubcommand("save", new MemoryCommands.Save(session))
                .addSubcommand("forget", new MemoryCommands.Forget(session))
                .addSubcommand("context", new MemoryCommands.Context(session));
        commands.getSubcommands()
                .values()
                .forEach(command ->
                        command.getCommandSpec().mixinStandardHelpOptions(true).version("cairn " + version));
        commands.setExecutionExceptionHandler((failure, line, result) -> report(failure));
        return commands.execute(args);
    }

    private static int report(Exception failure) {
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
