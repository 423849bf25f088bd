package dev.cairn.vector;

import dev.cairn.model.CairnException;
import dev.cairn.process.ChildOwner;
import dev.cairn.process.ChildSpec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The installation of Chroma, apart from its start: the first one loads about 100 packages, which no time-out of a start
 * could allow for. A file remembers what was installed, so that it is done once.
 */
final class ChromaInstallation {
    private static final Logger LOG = LoggerFactory.getLogger(ChromaInstallation.class);

    private final Vertx vertx;
    private final ChildOwner owner;
    private final ChromaCommand command;
    private final ChromaFiles files;
    private final long deadlineMs;
    private final boolean checksOnly;
    private volatile @Nullable Future<Void> current;
    private volatile boolean running;

    /** @param checksOnly whether it is another process that installs */
    ChromaInstallation(
            Vertx vertx,
            ChildOwner owner,
            ChromaCommand command,
            ChromaFiles files,
            long deadlineMs,
            boolean checksOnly) {
        this.checksOnly = checksOnly;
        this.vertx = vertx;
        this.owner = owner;
        this.command = command;
        this.files = files;
        this.deadlineMs = deadlineMs;
    }

    /** Succeeds when it is installed; fails with a {@code CairnException}. One that failed is tried again at the next call. */
    Future<Void> ensure() {
        if (!command.installable()) {
            return Future.succeededFuture();
        }
        Future<Void> known = current;
        if (known != null && !known.failed()) {
            return known;
        }
        Future<Void> begun = vertx.executeBlocking(this::isStamped).compose(stamped -> {
            if (stamped) {
                return Future.succeededFuture();
            }
            return checksOnly
                    ? Future.failedFuture(CairnException.unavailable("Chroma is not installed yet"))
                    : install();
        });
        current = begun;
        return begun;
    }

    /** A start failed: perhaps uv's cache was cleared. The next {@link #ensure} installs. */
    Future<Void> doubt() {
        current = null;
        if (checksOnly) {
            return Future.succeededFuture();
        }
        return vertx.executeBlocking(() -> {
            Files.deleteIfExists(files.stamp());
            return null;
        });
    }

    boolean running() {
        return running;
    }

    private Future<Void> install() {
        running = true;
        LOG.info("Installing Chroma; the first time takes a while");
        return owner.spawn(command.installation())
                .compose(child -> {
                    child.lines(line -> LOG.debug("uvx: {}", line));
                    return child.gone()
                            .timeout(deadlineMs, TimeUnit.MILLISECONDS)
                            .recover(
                                    late -> child.stop("installation took too long")
                                            .compose(
                                                    gone -> Future.failedFuture(
                                                            CairnException.unavailable(
                                                                    "Chroma was not installed within " + deadlineMs
                                                                            + " ms; raise vector.chroma.installMs, or run .ci/install-chroma"))))
                            .compose(exit -> exit.code() == 0
                                    ? Future.<Void>succeededFuture()
                                    : Future.failedFuture(failed(exit.code(), child.lastErrors())));
                })
                .compose(done -> vertx.<Void>executeBlocking(() -> {
                    Files.writeString(files.stamp(), wanted());
                    return null;
                }))
                .onSuccess(done -> LOG.info("Chroma is installed"))
                .onComplete(done -> running = false);
    }

    private static CairnException failed(int code, List<String> errors) {
        String last = errors.isEmpty() ? "no message" : errors.get(errors.size() - 1);
        return CairnException.unavailable("uvx could not install Chroma (exit code " + code + ": " + last
                + "); run .ci/install-chroma to see why");
    }

    private boolean isStamped() throws IOException {
        try {
            return Files.readString(files.stamp()).equals(wanted());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Another command or other pinned versions are another installation. */
    private String wanted() throws IOException {
        ChildSpec spec = command.installation();
        return String.join("\n", spec.argv()) + "\n" + Files.readString(files.constraints(), StandardCharsets.UTF_8);
    }
}
