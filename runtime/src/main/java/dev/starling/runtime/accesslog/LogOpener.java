package dev.starling.runtime.accesslog;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens what access logs are written to. */
final class LogOpener {

    static final String STDOUT = "/dev/stdout";
    static final String STDERR = "/dev/stderr";

    private LogOpener() {}

    /**
     * Opened now, so that a mistake is one of the configuration; but a pipe, whose opening waits for a reader, with the
     * first line.
     */
    static LogFile open(String path, int bufferSize) throws IOException {
        if (path.equals(STDOUT) || path.equals(STDERR)) {
            // Not opened by its name, which fails where the stream is a socket.
            // file.
            WritableByteChannel stream = new KeptOpen(
                    new FileOutputStream(path.equals(STDOUT) ? FileDescriptor.out : FileDescriptor.err).getChannel());
            return new LogFile(path, () -> stream, stream, bufferSize);
        }
        Path file = Path.of(path);
        boolean mayBlock = Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
        return new LogFile(path, () -> append(file), mayBlock ? null : append(file), bufferSize);
    }

    private static FileChannel append(Path file) throws IOException {
        try {
            return FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        } catch (FileSystemException e) {
            throw new IOException("unable to open file '" + file + "': " + reason(e), e);
        }
    }

    private static String reason(FileSystemException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "No such file or directory";
            case AccessDeniedException _ -> "Permission denied";
            default -> failure.getReason() == null ? failure.toString() : failure.getReason();
        };
    }

    /** The process's own streams outlive every log. */
    private record KeptOpen(WritableByteChannel stream) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            return stream.write(bytes);
        }

        @Override
        public boolean isOpen() {
            return stream.isOpen();
        }

        @Override
        public void close() {}
    }
}
