package dev.cairn.store;

import static dev.cairn.store.StoreFixture.PROJECT;
import static dev.cairn.store.StoreFixture.note;
import static dev.cairn.store.StoreFixture.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.DropVectors;
import dev.cairn.bus.Forget;
import dev.cairn.bus.LoadVectors;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.NewVectorSpace;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.ReadVectors;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.SaveVectors;
import dev.cairn.bus.VectorRows;
import dev.cairn.bus.VectorSpaces;
import dev.cairn.model.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorSpaceStoreTest {
    /** Recognised in a file. */
    private static final float[] MARKED = {0.123456789f, -0.987654321f, 0.55555555f};

    @TempDir
    Path directory;

    private StoreFixture store;

    @BeforeEach
    void open() {
        store = new StoreFixture(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aSpaceIsMadeOnceAndKeepsItsNumber() {
        assertThat(space("one", "setting")).isEqualTo(space("one", "setting"));
        long other = space("other", "setting").id();

        List<VectorSpaces.Space> spaces = spaces();

        assertThat(spaces).extracting(VectorSpaces.Space::name).containsExactly("one", "other");
        assertThat(spaces.get(0)).isEqualTo(new VectorSpaces.Space(1, "one", "setting", 3, 0));
        assertThat(space("other", "/moved/there").id()).isEqualTo(other);
        assertThat(spaces().get(1).model()).isEqualTo("/moved/there");
    }

    @Test
    void vectorsComeBackAsTheyWereWithWhatQueriesFilterBy() {
        store.save(
                new NewMemory("text", "title", "bugfix", PROJECT.key(), List.of(), List.of(), 4_000L), note("other"));
        long space = space("one", "m").id();

        assertThat(save(space, 1, 0.1f, -0.5f, Float.MIN_VALUE)).isEqualTo(1);
        store.reopen();

        VectorRows.Row row = load(space, 0, 10).get(0);
        assertThat(row.vector()).containsExactly(0.1f, -0.5f, Float.MIN_VALUE);
        assertThat(row.kind()).isEqualTo(Kind.OBSERVATION);
        assertThat(row.type()).isEqualTo("bugfix");
        assertThat(row.project()).isEqualTo(PROJECT);
        assertThat(row.createdAt()).isEqualTo(4_000);
        assertThat(spaces().get(0).count()).isEqualTo(1);
    }

    @Test
    void aVectorSavedAgainTakesThePlaceOfTheFirst() {
        store.save(note("one"));
        long space = space("one", "m").id();
        save(space, 1, 1, 0, 0);

        save(space, 1, 0, 1, 0);

        assertThat(load(space, 0, 10)).hasSize(1);
        assertThat(load(space, 0, 10).get(0).vector()).containsExactly(0, 1, 0);
    }

    @Test
    void memoriesThatAreNotThereArePassedOver() {
        store.save(note("one"));
        long space = space("one", "m").id();

        assertThat(save(space, 99, 1, 0, 0)).isZero();
        assertThat(store.number("SELECT count(*) FROM vector")).isZero();
    }

    @Test
    void pagesFollowOneAnotherById() {
        saveMany(25);
        long space = space("one", "m").id();
        saveAll(space, 25);
        List<Long> seen = new ArrayList<>();

        long after = 0;
        for (List<VectorRows.Row> page = load(space, 0, 10); !page.isEmpty(); page = load(space, after, 10)) {
            assertThat(page).hasSizeLessThanOrEqualTo(10);
            page.forEach(row -> seen.add(row.id()));
            after = page.get(page.size() - 1).id();
        }

        assertThat(seen).isEqualTo(LongStream.rangeClosed(1, 25).boxed().toList());
        assertThat(load(space + 1, 0, 10)).as("another space").isEmpty();
    }

    @Test
    void someAreReadByTheirMemories() {
        saveMany(5);
        long space = space("one", "m").id();
        saveAll(space, 5);

        assertThat(read(space, 4L, 2L, 99L)).extracting(VectorRows.Row::id).containsExactly(2L, 4L);
        assertThat(read(space)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, LoadVectors.MAX_LIMIT + 1})
    void aPageOutOfBoundsIsRefusedByName(int limit) {
        assertThat(store.refusal(Addresses.STORE_VECTOR_LOAD, new LoadVectors(1, 0, limit))
                        .field())
                .isEqualTo("limit");
    }

    @Test
    void tooManyMemoriesAndImpossibleDimensionsAreRefusedByName() {
        List<Long> ids = LongStream.rangeClosed(0, ReadVectors.MAX_IDS).boxed().toList();
        assertThat(store.refusal(Addresses.STORE_VECTOR_READ, new ReadVectors(1, ids))
                        .field())
                .isEqualTo("memories");
        for (int dimensions : new int[] {0, -3, 10_001}) {
            assertThat(store.refusal(Addresses.STORE_VECTOR_SPACE, new NewVectorSpace("n", "m", dimensions))
                            .field())
                    .isEqualTo("dimensions");
        }
    }

    @Test
    void droppedVectorsGoAndTheOthersStay() {
        saveMany(3);
        long one = space("one", "m").id();
        long other = space("other", "m").id();
        saveAll(one, 3);
        saveAll(other, 3);

        drop(one, List.of(1L, 3L));

        assertThat(load(one, 0, 10)).extracting(VectorRows.Row::id).containsExactly(2L);
        assertThat(load(other, 0, 10)).hasSize(3);
    }

    @Test
    @DisplayName("A whole space goes in steps, so that other writes come between them")
    void aWholeSpaceGoes() {
        saveMany(2_500);
        long one = space("one", "m").id();
        long other = space("other", "m").id();
        saveAll(one, 2_500);
        saveAll(other, 2);

        drop(one, null);

        assertThat(spaces()).extracting(VectorSpaces.Space::id).containsExactly(other);
        assertThat(store.number("SELECT count(*) FROM vector")).isEqualTo(2);
        drop(one, null);
        assertThat(space("one", "m").id()).as("a number is never used again").isGreaterThan(other);
    }

    @Test
    @DisplayName("H5: with a memory its vectors go, in one transaction, and no byte of them is left")
    void aForgottenMemoryTakesItsVectorsAlong() {
        saveMany(3);
        long one = space("one", "m").id();
        long other = space("other", "m").id();
        saveAll(one, 3);
        saveAll(other, 3);
        save(one, 2, MARKED);
        save(other, 2, MARKED);
        until("the vector is in a file", this::isMarkedInAFile);

        store.ask(Addresses.STORE_FORGET, new Forget(List.of(2L), null, null, null, null, null, null, false));

        assertThat(store.number("SELECT count(*) FROM vector WHERE memory_id NOT IN (SELECT id FROM memory)"))
                .isZero();
        assertThat(load(one, 0, 10)).extracting(VectorRows.Row::id).containsExactly(1L, 3L);
        assertThat(load(other, 0, 10)).extracting(VectorRows.Row::id).containsExactly(1L, 3L);
        assertThat(save(one, 2, MARKED))
                .as("what was on its way finds no memory")
                .isZero();
        until("no byte of it is left", () -> !isMarkedInAFile());
    }

    private boolean isMarkedInAFile() {
        ByteBuffer bytes = ByteBuffer.allocate(MARKED.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(MARKED);
        String marked = new String(bytes.array(), StandardCharsets.ISO_8859_1);
        for (String name : List.of("cairn.db", "cairn.db-wal")) {
            Path file = directory.resolve(name);
            try {
                if (Files.exists(file)
                        && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(marked)) {
                    return true;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return false;
    }

    private void saveMany(int count) {
        for (int i = 0; i < count; i += 100) {
            List<NewMemory> memories = new ArrayList<>();
            for (int j = i; j < Math.min(count, i + 100); j++) {
                memories.add(note("memory " + j));
            }
            store.ask(Addresses.STORE_SAVE, new SaveMemories(memories, "api"));
        }
    }

    private VectorSpaces.Space space(String name, String model) {
        return store.ask(Addresses.STORE_VECTOR_SPACE, new NewVectorSpace(name, model, 3)).spaces().stream()
                .filter(space -> space.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<VectorSpaces.Space> spaces() {
        return store.ask(Addresses.STORE_VECTOR_SPACES, Nothing.NOTHING).spaces();
    }

    private long save(long space, long memory, float... vector) {
        return store.ask(
                        Addresses.STORE_VECTOR_SAVE,
                        new SaveVectors(space, List.of(new SaveVectors.Entry(memory, vector))))
                .count();
    }

    private void saveAll(long space, int count) {
        List<SaveVectors.Entry> entries = LongStream.rangeClosed(1, count)
                .mapToObj(id -> new SaveVectors.Entry(id, new float[] {1, 0, 0}))
                .toList();
        store.ask(Addresses.STORE_VECTOR_SAVE, new SaveVectors(space, entries));
    }

    private List<VectorRows.Row> load(long space, long after, int limit) {
        return store.ask(Addresses.STORE_VECTOR_LOAD, new LoadVectors(space, after, limit))
                .rows();
    }

    private List<VectorRows.Row> read(long space, Long... memories) {
        return store.ask(Addresses.STORE_VECTOR_READ, new ReadVectors(space, List.of(memories)))
                .rows();
    }

    private void drop(long space, @Nullable List<Long> memories) {
        store.ask(Addresses.STORE_VECTOR_DROP, new DropVectors(space, memories));
    }
}
