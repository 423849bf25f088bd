package dev.cairn.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.ExportFormat;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.Imported;
import dev.cairn.model.CairnException;
import dev.cairn.model.CommandRun;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.Project;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ImportRulesTest extends SessionsFixture {
    @Test
    @DisplayName("H5: an import goes through the privacy filter and the size caps")
    void anImportIsFilteredAndCapped() throws Exception {
        BlockingQueue<ImportLines> taken = new LinkedBlockingQueue<>();
        bus.serve(Addresses.STORE_IMPORT, lines -> {
            taken.add(lines);
            return Future.succeededFuture(new Imported(1, 2, 3, 4, 5, 6));
        });
        deploy(new JsonObject().put("store", new JsonObject().put("maxFieldBytes", 1024)));
        String token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
        Project project = new Project("/p", "p");
        ExportLine.TurnKey turn = new ExportLine.TurnKey(1, "p1", null);
        List<String> lines = List.of(
                ExportFormat.header(),
                "{\"record\":\"turn\",\"platform\":\"claude-code\",\"sessionId\":\"s\",\"number\":1,\"promptId\":\"p1\","
                        + "\"project\":{\"key\":\"/p\",\"name\":\"p\"},\"state\":\"parked\",\"error\":\"" + token
                        + "\",\"startedAt\":1,\"lastEventAt\":2}",
                ExportFormat.write(new ExportLine.PromptLine(
                        "prompt",
                        1,
                        project,
                        "claude-code",
                        "s",
                        turn,
                        "a <private>secret</private> b " + token,
                        1,
                        null,
                        null)),
                ExportFormat.write(new ExportLine.ObservationLine(
                        "observation",
                        2,
                        project,
                        "claude-code",
                        "s",
                        turn,
                        "bugfix",
                        "title " + token,
                        token,
                        token,
                        List.of(token),
                        List.of(token),
                        List.of("a.txt"),
                        List.of(),
                        List.of(new CommandRun("curl " + token, token)),
                        1,
                        null,
                        null,
                        null,
                        null)),
                ExportFormat.write(new ExportLine.SummaryLine(
                        "summary",
                        3,
                        project,
                        "claude-code",
                        "s",
                        turn,
                        token,
                        token,
                        token,
                        token,
                        token,
                        token,
                        List.of(),
                        List.of(),
                        1,
                        null)),
                ExportFormat.write(new ExportLine.ToolUseLine(
                        "toolUse",
                        1,
                        project,
                        "claude-code",
                        "s",
                        turn,
                        null,
                        "Read",
                        "u",
                        "{\"password\":\"hunter2hunter2\",\"x\":\"" + token + "\"}",
                        "{\"big\":\"" + "z ".repeat(4_000) + "\"}",
                        token,
                        5L,
                        true,
                        new ExportLine.ObservationKey(2, 1, "title " + token),
                        1,
                        null,
                        null)),
                ExportFormat.write(
                        new ExportLine.NoteLine("note", "claude-code", "s", turn, "STOP", null, null, token, 1)),
                "{\"record\":\"end\"}");
        Imported imported = await(bus.request(Addresses.SESSION_IMPORT, new ImportLines(lines, 1, false)));
        assertThat(imported).isEqualTo(new Imported(1, 2, 3, 4, 5, 6));
        ImportLines clean = next(taken);
        assertThat(clean.lines()).hasSameSizeAs(lines);
        String all = String.join("\n", clean.lines());
        assertThat(all).doesNotContain(token).doesNotContain(">secret<").doesNotContain("hunter2");
        assertThat(all).contains("characters cut");
        assertThat(clean.lines().get(5).length()).isLessThan(3_000);
        // What is clean stays as it is, byte for byte.
        await(bus.request(Addresses.SESSION_IMPORT, clean));
        assertThat(next(taken)).isEqualTo(clean);
    }

    @Test
    @DisplayName("H7: a line that does not fit is refused by its number and field")
    void aBadLineOfAnImportIsNamed() throws Exception {
        deploy(new JsonObject());
        String turn =
                "{\"record\":\"turn\",\"platform\":\"claude-code\",\"sessionId\":\"s\",\"number\":1,\"promptId\":\"p\","
                        + "\"project\":{\"key\":\"/p\",\"name\":\"p\"},\"state\":\"done\",\"startedAt\":1,\"lastEventAt\":2}";
        assertRefused(turn.replace("done", "lost"), "lines[0].state");
        assertRefused(turn.replace("claude-code", "no platform"), "lines[0].platform");
        assertRefused(turn.replace("\"startedAt\":1", "\"startedAt\":-1"), "lines[0].startedAt");
        assertRefused(turn.replace("\"number\":1", "\"number\":0"), "lines[0].turn.number");
        assertRefused(turn.replace("\"number\":1", "\"number\":\"x\""), "lines[0].number");
        assertRefused(turn.replace("\"sessionId\":\"s\",", ""), "lines[0].sessionId");
        assertRefused("{", "lines[0]");
        assertThatThrownBy(() -> await(bus.request(Addresses.SESSION_IMPORT, new ImportLines(List.of(), 1, false))))
                .isInstanceOfSatisfying(
                        CairnException.class,
                        refused -> assertThat(refused.field()).isEqualTo("lines"));
    }

    private void assertRefused(String line, String field) {
        assertThatThrownBy(
                        () -> await(bus.request(Addresses.SESSION_IMPORT, new ImportLines(List.of(line), 12, false))))
                .isInstanceOfSatisfying(CairnException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(refused.field()).isEqualTo(field);
                    assertThat(refused).hasMessageContaining("line 12");
                });
    }
}
