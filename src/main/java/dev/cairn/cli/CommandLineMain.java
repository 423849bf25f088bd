package dev.cairn.cli;

import dev.cairn.bus.claudemem.ForeignMemory;
import dev.cairn.config.ConfigException;
import dev.cairn.model.CairnException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** {@code cairn COMMAND}: exit codes are those of {@code ErrorCode}. */
public final class CommandLineMain {
    private static final List<String> NAMES = List.of(
            "start",
            "stop",
            "restart",
            "status",
            "ps",
            "turns",
            "retry",
            "usage",
            "doctor",
            "logs",
            "config",
            "search",
            "timeline",
            "show",
            "context",
            "save",
            "forget",
            "backup",
            "export",
            "import",
            "install",
            "uninstall",
            "mcp");

    private static final Set<String> HELP = Set.of("-h", "--help");
    private static final Set<String> VERSION = Set.of("-V", "--version");
    private static final int USAGE = 2;

    private final Session session = new Session(System.getenv());
    private final WorkerStarter starter;
    private final DatabaseDoctor doctor;
    private final ForeignMemory.Opener foreign;

    private CommandLineMain(WorkerStarter starter, DatabaseDoctor doctor, ForeignMemory.Opener foreign) {
        this.starter = starter;
        this.doctor = doctor;
        this.foreign = foreign;
    }

    /**
     * Runs one command; blocks until it is done.
     *
     * @param version asked only when it is to be shown
     */
    public static int run(
            String[] args,
            Supplier<String> version,
            WorkerStarter starter,
            DatabaseDoctor doctor,
            ForeignMemory.Opener foreign) {
        return new CommandLineMain(starter, doctor, foreign).execute(List.of(args), version);
    }

    private WorkerCommand command(String name) {
        return switch (name) {
            case "start" -> new LifeCommands.Start(session, starter);
            case "stop" -> new LifeCommands.Stop(session);
            case "restart" -> new LifeCommands.Restart(session, starter);
            case "status" -> new LifeCommands.Status(session);
            case "ps" -> new ProcessCommands.Ps(session);
            case "turns" -> new QueueCommands.Turns(session);
            case "retry" -> new QueueCommands.Retry(session);
            case "usage" -> new UsageCommand(session);
            case "doctor" -> new DoctorCommand(session, doctor);
            case "logs" -> new LogsCommand(session);
            case "search" -> new MemoryCommands.Search(session);
            case "timeline" -> new MemoryCommands.Timeline(session);
            case "show" -> new ShowCommand(session);
            case "context" -> new MemoryCommands.Context(session);
            case "save" -> new WriteCommands.Save(session);
            case "forget" -> new WriteCommands.Forget(session);
            case "backup" -> new BackupCommand(session, doctor);
            case "export" -> new CarryCommands.Export(session);
            case "import" -> new CarryCommands.Import(session, foreign);
            case "install" -> new InstallCommands.Install(session);
            case "uninstall" -> new InstallCommands.Uninstall(session);
            case "mcp" -> new McpCommand(session, starter);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private int execute(List<String> arguments, Supplier<String> version) {
        String name = arguments.get(0);
        if (!NAMES.contains(name)) {
            System.err.println("cairn: there is no command '" + name + "'; there are " + String.join(", ", NAMES));
            return USAGE;
        }
        WorkerCommand command = null;
        try {
            boolean nested = name.equals("config");
            if (nested && (arguments.size() < 2 || HELP.contains(arguments.get(1)))) {
                throw new UsageException("cairn config takes one of " + ConfigCommand.NAMES);
            }
            command = nested ? ConfigCommand.of(arguments.get(1), session) : command(name);
            List<String> rest = arguments.subList(nested ? 2 : 1, arguments.size());
            if (asks(rest, HELP)) {
                System.out.print(Usage.help(command, session.terminal()));
                return WorkerCommand.DONE;
            }
            if (asks(rest, VERSION)) {
                System.out.println("cairn " + version.get());
                return WorkerCommand.DONE;
            }
            new Arguments(command).read(rest);
            return command.call();
        } catch (UsageException e) {
            System.err.println("cairn: " + e.getMessage());
            if (command != null) {
                System.err.println("Usage: " + Usage.synopsis(command) + "; more with --help");
            }
            return USAGE;
        } catch (Exception e) {
            return report(e);
        }
    }

    private static boolean asks(List<String> arguments, Set<String> names) {
        int end = arguments.indexOf("--");
        List<String> options = end < 0 ? arguments : arguments.subList(0, end);
        return !Collections.disjoint(options, names);
    }

    private static int report(Exception failure) {
        if (failure instanceof CairnException refusal) {
            System.err.println("cairn: " + refusal.getMessage());
            return refusal.code().exitCode();
        }
        if (failure instanceof ConfigException wrong) {
            System.err.println("cairn: " + wrong.getMessage());
            return USAGE;
        }
        System.err.println("cairn: " + failure);
        return WorkerCommand.FAILED;
    }
}
