package dev.starling.config.tls;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code envoy.extensions.transport_sockets.tls.v3.Secret}; none of the forms tells what it holds. */
public sealed interface Secret {

    String name();

    /** Where parts are kept. */
    List<DataSource> sources();

    /** Where a move tells that the files were replaced; absent: in the folders of the files themselves. */
    Optional<String> watchedDirectory();

    /** The same with what its sources hold now. @throws TlsProblem in Envoy's words if that cannot be used */
    Secret loaded() throws TlsProblem;

    /** The folders in which a move may mean that it holds something else. */
    default Set<Path> folders() {
        if (watchedDirectory().isPresent()) {
            return Set.of(Path.of(watchedDirectory().get()));
        }
        Set<Path> folders = new HashSet<>();
        for (DataSource source : sources()) {
            source.folder().ifPresent(folders::add);
        }
        return folders;
    }

    record Certificate(String name, CertificateSource source) implements Secret {

        @Override
        public List<DataSource> sources() {
            return source.sources();
        }

        @Override
        public Optional<String> watchedDirectory() {
            return source.watchedDirectory();
        }

        @Override
        public Certificate loaded() throws TlsProblem {
            CertificateSource loaded = source.loaded();
            Identity.load(loaded);
            return new Certificate(name, loaded);
        }
    }

    record Validation(String name, PartialValidation rules) implements Secret {

        @Override
        public List<DataSource> sources() {
            return rules.sources();
        }

        @Override
        public Optional<String> watchedDirectory() {
            return rules.watchedDirectory();
        }

        @Override
        public Validation loaded() throws TlsProblem {
            return new Validation(name, rules.loaded());
        }
    }

    record TicketKeys(String name, List<DataSource> keys) implements Secret {

        public TicketKeys {
            keys = List.copyOf(keys);
        }

        @Override
        public List<DataSource> sources() {
            return keys;
        }

        @Override
        public Optional<String> watchedDirectory() {
            return Optional.empty();
        }

        @Override
        public TicketKeys loaded() throws TlsProblem {
            List<DataSource> loaded = new ArrayList<>();
            for (DataSource key : keys) {
                loaded.add(key.loaded("keys"));
                TicketKey.load(loaded.getLast());
            }
            return new TicketKeys(name, loaded);
        }
    }

    /** Is kept to be shown: nothing asks for it. */
    record Generic(String name) implements Secret {

        @Override
        public List<DataSource> sources() {
            return List.of();
        }

        @Override
        public Optional<String> watchedDirectory() {
            return Optional.empty();
        }

        @Override
        public Generic loaded() {
            return this;
        }
    }
}
