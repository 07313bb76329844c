package dev.starling.runtime.tls;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when something is moved into a folder, which is how files are replaced as a whole: Kubernetes swaps its
 * {@code ..data} so. Writing into a file that is there already tells nothing, as with Envoy. One thread, started with the
 * first folder. Any thread.
 */
final class MovedFiles implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(MovedFiles.class);

    private final Map<Path, Folder> folders = new HashMap<>();
    private @Nullable WatchService service;

    private record Folder(WatchKey key, List<Runnable> listeners) {}

    /** Called on the watching thread after each move, until {@link #forget}. */
    synchronized void watch(Set<Path> paths, Runnable listener) {
        for (Path path : paths) {
            try {
                Folder known = folders.get(path);
                if (known == null) {
                    known = new Folder(
                            path.register(started(), StandardWatchEventKinds.ENTRY_CREATE),
                            new CopyOnWriteArrayList<>());
                    folders.put(path, known);
                }
                known.listeners().add(listener);
            } catch (IOException failure) {
                log.warn("cannot watch {}: {}", path, failure.toString());
            }
        }
    }

    synchronized void forget(Runnable listener) {
        folders.values().removeIf(folder -> {
            boolean last =
                    folder.listeners().remove(listener) && folder.listeners().isEmpty();
            if (last) {
                folder.key().cancel();
            }
            return last;
        });
    }

    private WatchService started() throws IOException {
        WatchService running = service;
        if (running == null) {
            WatchService made = FileSystems.getDefault().newWatchService();
            service = made;
            Thread.ofPlatform().daemon().name("tls-files").start(() -> run(made));
            running = made;
        }
        return running;
    }

    private void run(WatchService running) {
        try {
            while (true) {
                WatchKey key = running.take();
                key.pollEvents();
                listeners(key).forEach(MovedFiles::tell);
                key.reset();
            }
        } catch (InterruptedException | ClosedWatchServiceException end) {
            // Nobody wants to know any more.
        }
    }

    private static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException fault) {
            log.error("a moved file was not taken up", fault);
        }
    }

    private synchronized List<Runnable> listeners(WatchKey key) {
        for (Folder folder : folders.values()) {
            if (folder.key().equals(key)) {
                return List.copyOf(folder.listeners());
            }
        }
        return List.of();
    }

    @Override
    public synchronized void close() {
        try {
            if (service != null) {
                service.close();
            }
        } catch (IOException failure) {
            log.warn("files are watched on: {}", failure.toString());
        }
    }
}
