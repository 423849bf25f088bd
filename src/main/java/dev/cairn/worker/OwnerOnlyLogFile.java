package dev.cairn.worker;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import dev.cairn.config.OwnerOnly;
import java.io.IOException;
import java.nio.file.Path;

/** The log's file, for its owner's eyes only; each new one too when it rolls over. */
public final class OwnerOnlyLogFile extends RollingFileAppender<ILoggingEvent> {
    @Override
    public void openFile(String name) throws IOException {
        super.openFile(name);
        OwnerOnly.file(Path.of(name));
    }
}
