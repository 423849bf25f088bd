package dev.cairn.observer.rules;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a tool does, whatever its host calls it. */
enum ToolKind {
    READ,
    SEARCH,
    WEB,
    EDIT,
    WRITE,
    COMMAND,
    DELEGATE,
    /** A plan put before the user. */
    PLAN,
    /** A question put before the user. */
    ASK,
    /** Bookkeeping of the agent itself: to-do lists, skills, waiting for output. */
    HOUSEKEEPING,
    /** A tool of an MCP server, or one that nothing is known about. */
    EXTERNAL;

    private static final Map<String, ToolKind> BY_NAME = new TreeMap<>();

    static {
        name(
                READ,
                "read view cat readfile viewfile openfile notebookread readmanyfiles readnotebook readtextfile getfile");
        name(SEARCH, "grep glob ls list listdir listdirectory listfiles search searchfiles codebasesearch filesearch");
        name(SEARCH, "grepsearch findfiles find ripgrep searchfilecontent searchcode codesearch toolsearch lsp");
        name(WEB, "webfetch websearch fetch fetchurl googlewebsearch browser openurl webrequest");
        name(EDIT, "edit multiedit notebookedit editfile strreplace replace replaceinfile searchreplace applypatch");
        name(
                EDIT,
                "applydiff patch insert insertedit insertcontent strreplaceeditor strreplacebasededittool deletefile");
        name(WRITE, "write writefile createfile writetofile newfile create savefile");
        name(
                COMMAND,
                "bash shell sh powershell exec execcommand runterminalcmd runterminalcommand runcommand terminal");
        name(COMMAND, "executecommand runinterminal localshell runshellcommand shellcommand execute run runscript");
        name(DELEGATE, "task agent subagent delegate spawnagent newtask");
        name(PLAN, "exitplanmode");
        name(ASK, "askuserquestion askfollowupquestion askuser question");
        name(HOUSEKEEPING, "todowrite todoread updateplan taskcreate taskupdate tasklist taskget skill slashcommand");
        name(HOUSEKEEPING, "bashoutput killshell killbash enterplanmode taskoutput taskstop writestdin think");
        name(HOUSEKEEPING, "writetodos activateskill planenter planexit");
    }

    private static void name(ToolKind kind, String names) {
        for (String name : names.split(" ", -1)) {
            BY_NAME.put(name, kind);
        }
    }

    /** The kind by the tool's name where its input bears that out, else by what the input holds. */
    static ToolKind of(String toolName, JsonText input) {
        boolean mcp = isOfMcpServer(toolName);
        String name = mcp ? withoutServer(toolName) : toolName;
        ToolKind named = BY_NAME.get(letters(name));
        ToolKind keyed = byKeys(input);
        if (named == null) {
            return mcp && keyed != EDIT && keyed != WRITE && keyed != COMMAND ? EXTERNAL : keyed;
        }
        if (mcp && named != keyed) {
            // A server may call anything "search" or "create": only an input of that shape makes it one.
            return EXTERNAL;
        }
        boolean editor = input.text(InputKeys.PATH) != null && isEditorVerb(input.text(InputKeys.COMMAND));
        if (editor) {
            return keyed;
        }
        boolean changes = keyed == EDIT || keyed == WRITE;
        return switch (named) {
            case EDIT, WRITE -> changes ? keyed : named;
            case COMMAND -> keyed == EDIT && input.text(InputKeys.PATH) == null ? EDIT : COMMAND;
            default -> named;
        };
    }

    /** {@code mcp__server__tool}, {@code mcp_server_tool} or {@code MCP:tool}: each host writes it in its way. */
    private static boolean isOfMcpServer(String toolName) {
        return toolName.startsWith("mcp_") || toolName.startsWith("MCP:");
    }

    /** The tool's own name; with the server's where nothing tells where that ends. */
    private static String withoutServer(String toolName) {
        if (toolName.startsWith("MCP:")) {
            return toolName.substring("MCP:".length());
        }
        int end = toolName.lastIndexOf("__");
        return end < 0 ? toolName : toolName.substring(end + 2);
    }

    private static ToolKind byKeys(JsonText input) {
        String command = input.text(InputKeys.COMMAND);
        boolean path = input.text(InputKeys.PATH) != null;
        if (path && command != null && isEditorVerb(command)) {
            return switch (command) {
                case "view" -> READ;
                case "create" -> WRITE;
                default -> EDIT;
            };
        }
        if (InputKeys.patch(input) != null) {
            return EDIT;
        }
        if (command != null
                || !input.list("command", 1).isEmpty()
                || !input.list("cmd", 1).isEmpty()) {
            return COMMAND;
        }
        boolean fragments =
                input.exact(InputKeys.NEW) != null || !input.items("edits", 1).isEmpty();
        if (path && fragments) {
            return EDIT;
        }
        if (path && input.exact(InputKeys.CONTENT) != null) {
            return WRITE;
        }
        if (input.text(InputKeys.URL) != null) {
            return WEB;
        }
        if (input.text(InputKeys.PATTERN) != null) {
            return SEARCH;
        }
        if (path) {
            return READ;
        }
        return EXTERNAL;
    }

    private static boolean isEditorVerb(@Nullable String command) {
        return command != null
                && (command.equals("view")
                        || command.equals("create")
                        || command.equals("str_replace")
                        || command.equals("insert")
                        || command.equals("undo_edit"));
    }

    private static String letters(String name) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < name.length() && i < 80; i++) {
            if (Character.isLetterOrDigit(name.charAt(i))) {
                letters.append(name.charAt(i));
            }
        }
        return letters.toString().toLowerCase(Locale.ROOT);
    }

    /** Whether it only looks: it changes nothing in the project. */
    boolean looks() {
        return this == READ || this == SEARCH || this == WEB || this == DELEGATE || this == EXTERNAL;
    }

    boolean changesFiles() {
        return this == EDIT || this == WRITE;
    }
}
