package dev.cairn.observer.rules;

import dev.cairn.model.ToolUse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads recorded tool uses of any host. What cannot be read is left out; nothing makes it fail. */
final class ToolCallReader {
    private static final int MAX_SUBJECT = 300;
    private static final int MAX_PLAN = 6_000;
    private static final int MAX_ANSWER = 2_000;
    private static final int MAX_ERROR = 220;
    private static final int MAX_FRAGMENTS = 200;

    private final ProjectPaths paths;

    ToolCallReader(ProjectPaths paths) {
        this.paths = paths;
    }

    ToolCall read(ToolUse use, boolean fresh) {
        JsonText input = JsonText.read(use.input());
        ToolKind kind = ToolKind.of(use.toolName(), input);
        String error = use.error();
        CommandLine command = kind == ToolKind.COMMAND ? command(input) : null;
        boolean reads = kind == ToolKind.EDIT || kind == ToolKind.HOUSEKEEPING;
        JsonText response = reads ? JsonText.EMPTY : JsonText.read(use.response());
        CommandOutcome outcome = command == null ? null : CommandOutcome.of(command, response, error, paths);
        boolean failed = error != null;
        List<FileChange> changes = failed ? List.of() : changes(kind, input, response, command, outcome);
        String content = kind == ToolKind.READ && !failed ? readContent(response) : "";
        List<String> files = kind == ToolKind.READ || kind == ToolKind.SEARCH ? files(input) : List.of();
        List<String> names = files.isEmpty() || content.isEmpty() ? List.of() : names(files.get(0), content);
        boolean interrupted =
                outcome != null ? outcome.interrupted() : error != null && CommandOutcome.isInterruption(error);
        return new ToolCall(
                use.id(),
                use.createdAt(),
                fresh,
                use.agentId(),
                Texts.oneLine(use.toolName(), 80),
                kind,
                files,
                changes,
                command,
                outcome,
                subject(kind, input),
                answer(kind, response),
                kind == ToolKind.DELEGATE ? response.text("agentid") : null,
                names,
                kind == ToolKind.SEARCH ? hits(response) : -1,
                error != null ? errorText(error, outcome) : null,
                interrupted);
    }

    private CommandLine command(JsonText input) {
        String text = input.text(InputKeys.COMMAND);
        if (text != null) {
            return CommandLine.of(paths.shorten(text));
        }
        List<String> words = input.list("command", 80);
        if (words.isEmpty()) {
            words = input.list("cmd", 80);
        }
        if (words.size() >= 3 && words.get(1).endsWith("c") && words.get(1).startsWith("-")) {
            return CommandLine.of(paths.shorten(words.get(2)));
        }
        return CommandLine.of(paths.shorten(String.join(" ", words)));
    }

    private List<FileChange> changes(
            ToolKind kind,
            JsonText input,
            JsonText response,
            @Nullable CommandLine command,
            @Nullable CommandOutcome outcome) {
        if (kind.changesFiles()) {
            String patch = input.text(InputKeys.PATH) == null ? InputKeys.patch(input) : null;
            return patch != null ? Patches.read(patch, paths) : edit(kind, input, response);
        }
        if (command == null || outcome == null || !outcome.ok()) {
            return List.of();
        }
        List<FileChange> changes = new ArrayList<>();
        for (String file : command.written()) {
            add(changes, file, FileChange.Mode.WRITTEN, "", "");
        }
        for (String file : command.removed()) {
            add(changes, file, FileChange.Mode.DELETED, "", "");
        }
        return changes;
    }

    private List<FileChange> edit(ToolKind kind, JsonText input, JsonText response) {
        String file = input.text(InputKeys.PATH);
        if (file == null) {
            return List.of();
        }
        List<FileChange> changes = new ArrayList<>();
        if (kind == ToolKind.WRITE) {
            String content = input.exact(InputKeys.CONTENT);
            String type = response.text("type");
            String original = response.text("originalfile");
            boolean update = "update".equals(type) || original != null;
            FileChange.Mode mode = "create".equals(type)
                    ? FileChange.Mode.CREATED
                    : update ? FileChange.Mode.CHANGED : FileChange.Mode.WRITTEN;
            add(changes, file, mode, original == null ? "" : original, content == null ? "" : content);
            return changes;
        }
        StringBuilder before = new StringBuilder();
        StringBuilder after = new StringBuilder();
        List<JsonText> fragments = input.items("edits", MAX_FRAGMENTS);
        for (JsonText fragment : fragments.isEmpty() ? List.of(input) : fragments) {
            String old = fragment.exact(InputKeys.OLD);
            String now = fragment.exact(InputKeys.NEW);
            before.append(old == null ? "" : old).append('\n');
            after.append(now == null ? "" : now).append('\n');
        }
        String old = before.toString().isBlank() ? "" : before.toString();
        add(changes, file, FileChange.Mode.CHANGED, old, after.toString().isBlank() ? "" : after.toString());
        return changes;
    }

    private void add(List<FileChange> changes, String file, FileChange.Mode mode, String before, String after) {
        String shown = paths.show(file);
        if (!shown.isEmpty()) {
            changes.add(FileChange.of(shown, mode, before, after));
        }
    }

    private List<String> files(JsonText input) {
        String file = input.text(InputKeys.PATH);
        if (file == null) {
            List<String> several = new ArrayList<>();
            for (String path : input.list("paths", 20)) {
                several.add(paths.show(path));
            }
            several.removeIf(String::isEmpty);
            return several;
        }
        String shown = paths.show(file);
        return shown.isEmpty() ? List.of() : List.of(shown);
    }

    private static String readContent(JsonText response) {
        String content = response.text("file.content", "content", "text", "output", "[0].text", "content[0].text", "");
        return content == null ? "" : content.substring(0, Math.min(content.length(), 32_000));
    }

    private static List<String> names(String file, String content) {
        // Hosts number the lines they show: "   12→text" or "12<tab>text".
        StringBuilder plain = new StringBuilder(content.length());
        for (String line : content.split("\n", -1)) {
            int i = 0;
            while (i < line.length() && i < 8 && (line.charAt(i) == ' ' || Character.isDigit(line.charAt(i)))) {
                i++;
            }
            boolean numbered = i > 0 && i < line.length() && (line.charAt(i) == '→' || line.charAt(i) == '\t');
            plain.append(numbered ? line.substring(i + 1) : line).append('\n');
        }
        return List.copyOf(Symbols.in(file, plain.toString()));
    }

    private static int hits(JsonText response) {
        // Each mode of a search fills its own field and leaves the others zero.
        int hits = -1;
        for (String field : List.of("numfiles", "nummatches", "numlines", "total", "count")) {
            hits = Math.max(hits, response.number(field));
        }
        int listed = response.list("filenames", 1_000).size();
        return listed > 0 ? Math.max(hits, listed) : hits;
    }

    private static String subject(ToolKind kind, JsonText input) {
        String text = switch (kind) {
            case SEARCH -> input.text(InputKeys.PATTERN);
            case WEB -> input.text("url", "uri", "query", "q", "searchterm");
            case DELEGATE -> input.text("description", "name", "task", "prompt", "message");
            case PLAN -> input.text("plan", "text");
            case ASK -> input.text("questions[0].question", "question", "text");
            case EXTERNAL -> input.text("query", "q", "url", "description", "prompt", "name", "title", "text", "id");
            default -> null;
        };
        if (text == null) {
            return "";
        }
        return kind == ToolKind.PLAN ? Texts.paragraphs(text, MAX_PLAN) : Texts.oneLine(text, MAX_SUBJECT);
    }

    private static String answer(ToolKind kind, JsonText response) {
        return switch (kind) {
            case DELEGATE -> Texts.oneLine(CommandOutcome.output(response), MAX_ANSWER);
            case ASK -> Answers.of(response);
            default -> "";
        };
    }

    private String errorText(String error, @Nullable CommandOutcome outcome) {
        if (outcome != null) {
            return outcome.error().isEmpty() ? outcome.words() : outcome.error();
        }
        List<String> lines = Output.lines(error);
        boolean coded = lines.size() > 1 && lines.get(0).startsWith("Exit code");
        String text = paths.shorten(ErrorText.in(coded ? lines.subList(1, lines.size()) : lines));
        return text.isEmpty() ? "an error without a text" : Texts.oneLine(text, MAX_ERROR);
    }
}
