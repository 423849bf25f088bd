package dev.cairn.observer.ask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.NewObservation;
import dev.cairn.model.Observation;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamenessTest {
    private static NewObservation made(String title, String narrative, String file, long use) {
        return new NewObservation(
                "change",
                title,
                null,
                narrative,
                List.of(),
                List.of(),
                List.of(),
                file.isEmpty() ? List.of() : List.of(file),
                List.of(),
                List.of(use),
                use);
    }

    private static Observation stored(long id, NewObservation of) {
        return new Observation(
                id,
                Works.PROJECT,
                "claude-code",
                "session-1",
                1,
                of.type(),
                of.title(),
                null,
                of.narrative(),
                of.facts(),
                of.concepts(),
                of.filesRead(),
                of.filesModified(),
                of.commands(),
                1);
    }

    private static final NewObservation RETRY = made(
            "Uploads back off between tries",
            "The upload in upload.js waits longer after each failed try.",
            "upload.js",
            1);

    @Test
    void theSameInNearlyTheSameWordsIsCountedTogether() {
        NewObservation again = made(
                "Uploads back off between their tries",
                "The upload in upload.js waits longer after each try that failed.",
                "upload.js",
                2);
        List<NewObservation> merged = Sameness.merge(List.of(RETRY, again), List.of());
        assertThat(merged).hasSize(1);
        assertThat(merged.get(0).times()).isEqualTo(2);
        assertThat(merged.get(0).toolUseIds()).containsExactly(1L, 2L);
        assertThat(merged.get(0).createdAt()).isEqualTo(2);
        assertThat(merged.get(0).sameAs()).isNull();
    }

    @Test
    void whatTheSessionBroughtBeforeIsCountedThere() {
        List<NewObservation> merged = Sameness.merge(List.of(RETRY), List.of(stored(41, RETRY)));
        assertThat(merged.get(0).sameAs()).isEqualTo(41);
        assertThat(merged.get(0).times()).isEqualTo(1);
    }

    @Test
    void otherFilesOtherFiguresOrOtherWordsAreAnotherObservation() {
        List<NewObservation> others = List.of(
                made(RETRY.title(), String.valueOf(RETRY.narrative()), "download.js", 2),
                made("3 tests fail in upload", "The suite has failures.", "", 3),
                made("2 tests fail in upload", "The suite has failures.", "", 4),
                made("Uploads are signed", "Each upload carries a signature of its parts.", "upload.js", 5));
        assertThat(Sameness.merge(others, List.of(stored(41, RETRY)))).isEqualTo(others);
    }
}
