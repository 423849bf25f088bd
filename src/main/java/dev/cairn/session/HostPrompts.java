package dev.cairn.session;

import dev.cairn.model.AgentEvent;
import dev.cairn.model.EventKind;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a user said from what the host says in the user's place. Claude Code posts the end of a background task as a
 * prompt that is one {@code <task-notification>}: it becomes what a sub-agent said at its end.
 */
final class HostPrompts {
    private static final String NOTIFICATION = "task-notification";

    private HostPrompts() {}

    static AgentEvent told(AgentEvent event) {
        String prompt = event.prompt();
        if (event.kind() != EventKind.PROMPT || prompt == null || !isNotification(prompt)) {
            return event;
        }
        String result = element(prompt, "result");
        String text = result != null ? result : element(prompt, "summary");
        String task = element(prompt, "task-id");
        return new AgentEvent(
                EventKind.SUBAGENT_STOP,
                event.name(),
                event.platform(),
                event.sessionId(),
                event.cwd(),
                event.promptId(),
                event.agentId() == null && task != null && task.length() <= FieldRules.ID ? task : event.agentId(),
                null,
                event.toolName(),
                event.toolUseId(),
                event.toolInput(),
                event.toolResponse(),
                event.error(),
                event.durationMs(),
                text == null ? prompt.strip() : text,
                NOTIFICATION,
                event.at());
    }

    private static boolean isNotification(String prompt) {
        if (prompt.length() > 0 && prompt.charAt(0) != '<' && prompt.charAt(0) > ' ') {
            return false;
        }
        String text = prompt.strip();
        return text.startsWith("<" + NOTIFICATION + ">") && text.endsWith("</" + NOTIFICATION + ">");
    }

    /** What stands in the element, from its first begin to its last end, since a result may hold anything; null if nothing. */
    private static @Nullable String element(String text, String name) {
        String open = "<" + name + ">";
        int start = text.indexOf(open);
        int end = text.lastIndexOf("</" + name + ">");
        if (start < 0 || end < start) {
            return null;
        }
        String inside = text.substring(start + open.length(), end).strip();
        return inside.isEmpty() ? null : inside;
    }
}
