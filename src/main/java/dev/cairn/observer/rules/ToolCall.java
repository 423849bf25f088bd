package dev.cairn.observer.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One use of a tool, as far as it matters: what it was for, on what, with what result.
 *
 * @param id the worker's id of the tool use
 * @param at epoch milliseconds
 * @param fresh whether no observer has seen it yet
 * @param tool the tool's name at its host
 * @param files what was read or searched, as shown
 * @param changes what was done to files; empty when it failed
 * @param subject what it was about: a pattern, a query, an address, a task, a plan, a question
 * @param answer what came back, for tools whose answer is worth telling; else empty
 * @param startedAgent the id of the sub-agent it started; null when it says none
 * @param names what a file that was read defines
 * @param hits how many files or results a search found; -1 when it does not say
 * @param error what went wrong, on one line; null when it succeeded
 * @param interrupted whether the user stopped or refused it
 */
record ToolCall(
        long id,
        long at,
        boolean fresh,
        @Nullable String agentId,
        String tool,
        ToolKind kind,
        List<String> files,
        List<FileChange> changes,
        @Nullable CommandLine command,
        @Nullable CommandOutcome outcome,
        String subject,
        String answer,
        @Nullable String startedAgent,
        List<String> names,
        int hits,
        @Nullable String error,
        boolean interrupted) {

    boolean failed() {
        return error != null || (outcome != null && !outcome.ok());
    }

    boolean is(CommandPurpose purpose) {
        return command != null && command.purposes().contains(purpose);
    }

    /** Whether it only looks around: a read, a search, a listing on the command line. */
    boolean looks() {
        return command != null ? command.purpose() == CommandPurpose.LOOK : kind.looks();
    }

    boolean changesFiles() {
        return !changes.isEmpty();
    }

    /** The purpose of its command; LOOK for anything else. */
    CommandPurpose purpose() {
        return command == null ? CommandPurpose.LOOK : command.purpose();
    }
}
