package dev.cairn.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.cairn.bus.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what earlier generations of this data directory left, before the first child is started. Signals only what it can
 * prove: the same boot, the same start, and the mark or the birthmark it was born with; the generation's worker must be dead.
 * What it cannot prove is told, not touched. Holds the instance lock while it works; blocks.
 */
final class Reaper {
    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);
    private static final long DEADLINE_MS = 3_000;
    private static final long LOOK_MS = 20;
    private static final int CLEAN_LOOKS = 2;

    /**
     * What was done.
     *
     * @param reaped what was proven and killed
     * @param unproven what looks like ours but cannot be proven
     */
    record Report(List<Proc> reaped, List<Proc> unproven) {}

    private record Claim(String generation, int child, long pid, long startedAt, long birthmark) {}

    private final Platform platform;
    private final Path directory;
    private final String install;
    private final String generation;

    /** @param generation this one, which is spared */
    Reaper(Platform platform, Path directory, String install, String generation) {
        this.platform = platform;
        this.directory = directory;
        this.install = install;
        this.generation = generation;
    }

    Report reap() throws IOException, InterruptedException {
        List<Path> files = files();
        List<Claim> claims = new ArrayList<>();
        List<Path> read = new ArrayList<>();
        for (Path file : files) {
            List<Claim> found = claims(file);
            if (found != null) {
                claims.addAll(found);
                read.add(file);
            }
        }
        for (Cgroup group : Cgroup.leftBy(install, generation)) {
            killGroup(group);
        }
        Map<Long, Proc> reaped = new HashMap<>();
        List<Proc> unproven = List.of();
        int clean = 0;
        long end = System.nanoTime() + DEADLINE_MS * 1_000_000;
        while (clean < CLEAN_LOOKS && System.nanoTime() < end) {
            unproven = new ArrayList<>();
            List<Proc> victims = victims(claims, unproven);
            for (Proc victim : victims) {
                platform.signal(victim.pid(), victim.startedAt(), Platform.KILL);
                reaped.put(victim.pid(), victim);
            }
            clean = victims.isEmpty() ? clean + 1 : 0;
            if (!victims.isEmpty()) {
                Thread.sleep(LOOK_MS);
            }
        }
        for (Path file : read) {
            Files.deleteIfExists(file);
        }
        return new Report(List.copyOf(reaped.values()), List.copyOf(unproven));
    }

    private static void killGroup(Cgroup group) throws InterruptedException {
        try {
            group.end();
        } catch (IOException e) {
            LOG.warn("The control group {} is not ended: {}", group.directory(), e.toString());
        }
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(directory, "*" + Registry.SUFFIX)) {
            for (Path file : entries) {
                if (!file.getFileName().toString().equals(generation + Registry.SUFFIX)) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    /** What a generation had that was not gone when it ended; null when its worker lives. Broken lines are passed over. */
    private @Nullable List<Claim> claims(Path file) throws IOException {
        String name = file.getFileName().toString();
        String of = name.substring(0, name.length() - Registry.SUFFIX.length());
        Map<String, Claim> claims = new HashMap<>();
        boolean sameBoot = false;
        int broken = 0;
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", -1)) {
            Registry.Entry entry = line.isBlank() ? null : parse(line);
            if (entry == null) {
                broken += line.isBlank() ? 0 : 1;
                continue;
            }
            if (entry.what() == Registry.What.OWNER) {
                sameBoot = platform.bootId().equals(entry.boot());
                if (sameBoot && lives(entry.pid(), entry.startedAt())) {
                    LOG.warn("The worker of {} (pid {}) still lives; its children are left alone", file, entry.pid());
                    return null;
                }
                continue;
            }
            Integer child = entry.child();
            if (child == null) {
                continue;
            }
            if (entry.what() == Registry.What.GONE) {
                claims.values().removeIf(claim -> claim.child() == child);
            } else if (entry.pid() != null && entry.startedAt() != null) {
                long birthmark = entry.birthmark() == null ? 0 : entry.birthmark();
                claims.put(
                        entry.pid() + ":" + entry.startedAt(),
                        new Claim(of, child, entry.pid(), entry.startedAt(), birthmark));
            }
        }
        if (broken > 0) {
            LOG.warn("{} broken lines in {}; processes are found by their marks instead", broken, file);
        }
        return sameBoot ? List.copyOf(claims.values()) : List.of();
    }

    private static Registry.@Nullable Entry parse(String line) {
        try {
            return WireFormat.mapper().readValue(line, Registry.Entry.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private boolean lives(@Nullable Long pid, @Nullable Long startedAt) {
        Proc proc = pid == null ? null : platform.read(pid);
        return proc != null && startedAt != null && proc.startedAt() == startedAt && !proc.zombie();
    }

    private List<Proc> victims(List<Claim> claims, List<Proc> unproven) {
        Map<Long, Claim> byPid = new HashMap<>();
        for (Claim claim : claims) {
            byPid.put(claim.pid(), claim);
        }
        List<Proc> victims = new ArrayList<>();
        for (Proc proc : platform.all().values()) {
            if (proc.zombie()) {
                continue;
            }
            Claim claim = byPid.get(proc.pid());
            Cookie cookie = Cookie.parse(platform.variable(proc.pid(), Cookie.VARIABLE));
            if (cookie != null && cookie.install().equals(install)) {
                if (!cookie.generation().equals(generation) && !ownerLives(proc.pid())) {
                    victims.add(proc);
                }
            } else if (claim != null && claim.startedAt() == proc.startedAt()) {
                boolean proven = claim.birthmark() != 0 && claim.birthmark() == platform.birthmark(proc.pid());
                (proven ? victims : unproven).add(proc);
            }
        }
        return victims;
    }

    /** The worker that a marked process names as its owner: a copy of the directory may be served by another one. */
    private boolean ownerLives(long pid) {
        return Cookie.ownerLives(platform, platform.variable(pid, Cookie.OWNER_VARIABLE));
    }
}
