package dev.cairn.http;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The routes of the API before rooms that answer as a test wants them to. */
abstract class ApiFixture {
    @TempDir
    static Path dir;

    static HttpHarness http;

    @BeforeAll
    static void start() {
        http = HttpHarness.start(dir, Map.of("compat", false), Limits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        http.close();
    }

    @BeforeEach
    void reset() {
        http.rooms.asked.clear();
        FakeRooms fresh = new FakeRooms(List.of());
        http.rooms.page = fresh.page;
        http.rooms.fetch = fresh.fetch;
        http.rooms.forget = fresh.forget;
        http.rooms.search = fresh.search;
        http.rooms.timeline = fresh.timeline;
        http.rooms.save = fresh.save;
    }
}
