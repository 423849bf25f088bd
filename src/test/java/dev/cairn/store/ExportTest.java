package dev.cairn.store;

import static dev.cairn.store.StoreFixture.OTHER;
import static dev.cairn.store.StoreFixture.PROJECT;
import static dev.cairn.store.StoreFixture.note;
import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.ExportPage;
import dev.cairn.bus.ExportQuery;
import dev.cairn.bus.Forget;
import dev.cairn.bus.Imported;
import dev.cairn.bus.NewMemory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportTest extends CarryFixture {
    @Test
    void theRoundTripIsTheIdentity() {
        fill(a);
        List<String> lines = export(a);
        assertThat(lines).hasSizeGreaterThan(30);
        Imported taken = take(b, lines);
        assertThat(taken.sessions()).isEqualTo(4);
        assertThat(taken.present()).isZero();
        assertThat(export(b)).isEqualTo(lines);
        assertThat(b.number("SELECT count(*) FROM memory_fts")).isEqualTo(b.number("SELECT count(*) FROM memory"));
        assertThat(b.found("otter")).isEqualTo(a.found("otter")).isNotEmpty();
        assertThat(b.search("otter").coverage().total())
                .isEqualTo(a.search("otter").coverage().total());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void pagesAndBatchesOfAnySizeMakeTheSame(int size) {
        fill(a);
        List<String> lines = export(a, size);
        assertThat(lines).isEqualTo(export(a));
        assertThat(take(b, lines, size, false).present()).isZero();
        assertThat(export(b, size)).isEqualTo(lines);
    }

    @Test
    void whatIsForgottenOrAddedWhileAnExportGoesOnIsNotInIt() {
        fill(a);
        a.append(PROJECT, prompt("secret", "ps", "zebra secret", 700), tool("secret", "ps", "us", 701));
        List<String> before = export(a);
        ExportPage first = a.ask(Addresses.STORE_EXPORT, all(3, null));
        a.ask(Addresses.STORE_FORGET, new Forget(List.of(), null, null, "secret", null, null, null, false));
        a.append(PROJECT, prompt("later", "pl", "came later", 800), tool("later", "pl", "ul", 801));
        a.save(note("came later too"));
        List<String> rest = new ArrayList<>(first.lines());
        rest.addAll(export(a, all(3, first.next())));
        assertThat(String.join("\n", rest)).doesNotContain("zebra").doesNotContain("came later");
        List<String> expected = new ArrayList<>(before);
        expected.removeIf(line -> line.contains("\"secret\""));
        assertThat(rest).isEqualTo(expected);
        assertThat(take(b, rest).present()).isZero();
    }

    @Test
    void whatIsObservedWhileAnExportGoesOnWaitsInIt() {
        a.append(prompt("s", "p", "ask", 100), tool("s", "p", "u", 101), stop("s", "p", "x", 102));
        ExportPage first = a.ask(Addresses.STORE_EXPORT, all(3, null));
        observe(a, "seen meanwhile", 103);
        List<String> lines = new ArrayList<>(first.lines());
        lines.addAll(export(a, all(3, first.next())));
        take(b, lines);
        assertThat(b.claimWork("o").fresh()).hasSize(1);
        assertThat(b.found("meanwhile")).isEmpty();
    }

    @Test
    void aPartIsCompleteInItself() {
        fill(a);
        for (ExportQuery part : List.of(
                new ExportQuery(OTHER.name(), null, null, null, 4, null),
                new ExportQuery(null, "s1", null, null, 4, null),
                new ExportQuery(null, null, 102L, 201L, 4, null),
                new ExportQuery("nobody", null, null, null, 4, null))) {
            List<String> lines = export(a, part);
            try (StoreFixture empty = new StoreFixture(directory.resolve("part" + lines.hashCode()))) {
                take(empty, lines);
                assertThat(export(empty)).as("%s", part).isEqualTo(lines);
            }
        }
        assertThat(export(a, new ExportQuery(null, "s1", null, null, 9, null)))
                .noneMatch(line -> line.contains("\"s2\""));
    }

    @Test
    void aPageOfLongRowsIsCutBySize() {
        String long1 = "x".repeat(60_000);
        NewMemory[] many = Collections.nCopies(60, note(long1)).toArray(NewMemory[]::new);
        a.save(many);
        ExportPage page = a.ask(Addresses.STORE_EXPORT, all(1_000, null));
        assertThat(page.lines()).hasSizeBetween(10, 25);
        List<String> lines = export(a);
        assertThat(lines).hasSize(62);
        take(b, lines);
        assertThat(export(b)).isEqualTo(lines);
    }
}
