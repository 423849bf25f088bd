package dev.cairn.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.model.AgentEvent;
import dev.cairn.model.EventKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPromptsTest {
    private static AgentEvent prompt(String text) {
        return new AgentEvent(
                EventKind.PROMPT,
                "UserPromptSubmit",
                "claude-code",
                "s",
                "/a",
                "p",
                null,
                text,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                5);
    }

    @Test
    void theEndOfABackgroundTaskIsWhatASubAgentSaid() {
        AgentEvent told = HostPrompts.told(prompt("""
                        <task-notification>
                        <task-id>ac28</task-id>
                        <summary>Agent "sub job" finished</summary>
                        <result>SUBAGENT-ANSWER
                        with <result> in it</result>
                        <usage><tool_uses>0</tool_uses></usage>
                        </task-notification>"""));
        assertThat(told.kind()).isEqualTo(EventKind.SUBAGENT_STOP);
        assertThat(told.prompt()).isNull();
        assertThat(told.text()).isEqualTo("SUBAGENT-ANSWER\nwith <result> in it");
        assertThat(told.agentId()).isEqualTo("ac28");
        assertThat(told.promptId()).isEqualTo("p");
        assertThat(told.at()).isEqualTo(5);
    }

    @Test
    void withoutAResultItsSummaryIsKept() {
        AgentEvent told = HostPrompts.told(
                prompt("<task-notification><summary>it failed</summary><result> </result></task-notification>\n"));
        assertThat(told.text()).isEqualTo("it failed");
        assertThat(HostPrompts.told(prompt("<task-notification>odd</task-notification>"))
                        .text())
                .isEqualTo("<task-notification>odd</task-notification>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Do the thing",
                "",
                "/hello Bob",
                "What does <task-notification> mean?",
                "<task-notification>x</task-notification> why do I see this?",
                "<b>bold</b>"
            })
    void whatAUserSaidStaysAPrompt(String text) {
        AgentEvent event = prompt(text);
        assertThat(HostPrompts.told(event)).isSameAs(event);
    }
}
