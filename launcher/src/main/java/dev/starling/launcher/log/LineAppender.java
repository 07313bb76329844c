package dev.starling.launcher.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Writes each entry at once, to standard error or to a file that can be opened anew after it was rotated away. */
final class LineAppender extends AppenderBase<ILoggingEvent> {

    private final LogFormat format;
    private final Optional<Path> path;
    private final OutputStream standardError;
    private OutputStream out;

    LineAppender(LogFormat format, Optional<Path> path, OutputStream standardError) throws IOException {
        this.format = format;
        this.path = path;
        this.standardError = standardError;
        this.out = open();
    }

    private OutputStream open() throws IOException {
        return path.isPresent()
                ? Files.newOutputStream(path.get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                : standardError;
    }

    @Override
    protected void append(ILoggingEvent event) {
        byte[] line = (format.line(event) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            write(line);
        } catch (IOException e) {
            addError("cannot write the log", e);
        }
    }

    private synchronized void write(byte[] line) throws IOException {
        out.write(line);
        out.flush();
    }

    /** After a rotation: the old file keeps what it has, what follows goes to a new one. */
    synchronized void reopen() throws IOException {
        OutputStream old = out;
        out = open();
        if (path.isPresent()) {
            old.close();
        }
    }
}
