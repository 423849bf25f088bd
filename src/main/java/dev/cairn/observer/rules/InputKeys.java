package dev.cairn.observer.rules;

import org.jspecify.annotations.Nullable;

/** Keys of tool inputs, in the normal form of {@link JsonText}, the usual one first. */
final class InputKeys {
    static final String[] PATH = {
        "filepath",
        "path",
        "file",
        "filename",
        "targetfile",
        "notebookpath",
        "absolutepath",
        "relativeworkspacepath",
        "relpath",
        "targetdirectory",
        "dirpath",
        "directory"
    };
    static final String[] COMMAND = {"command", "cmd", "commandline", "script"};
    static final String[] OLD = {"oldstring", "oldstr", "oldtext", "oldcontent", "search", "old"};
    static final String[] NEW = {
        "newstring",
        "newstr",
        "newtext",
        "newcontent",
        "newsource",
        "replacement",
        "replace",
        "codeedit",
        "inserttext",
        "new"
    };
    static final String[] CONTENT = {"content", "contents", "filetext", "filecontent", "text", "code"};
    static final String[] PATTERN = {
        "pattern", "query", "regex", "searchterm", "glob", "globpattern", "q", "includepattern"
    };
    static final String[] URL = {"url", "uri", "link"};

    private static final String[] PATCH = {"patch", "diff", "patchtext", "input", "unifieddiff", "command", "cmd", ""};

    private InputKeys() {}

    /** The text of a patch, wherever it stands in the input; null when there is none. */
    static @Nullable String patch(JsonText input) {
        for (String key : PATCH) {
            String text = input.text(key);
            if (text != null && isPatch(text)) {
                return text;
            }
        }
        for (String key : new String[] {"command", "cmd"}) {
            for (String word : input.list(key, 8)) {
                if (isPatch(word)) {
                    return word;
                }
            }
        }
        return null;
    }

    private static boolean isPatch(String text) {
        int begin = text.indexOf("*** Begin Patch");
        return (begin >= 0 && begin < 200)
                || (text.startsWith("--- ") && text.contains("\n+++ "))
                || (text.startsWith("diff --git ") && text.contains("\n@@"));
    }
}
