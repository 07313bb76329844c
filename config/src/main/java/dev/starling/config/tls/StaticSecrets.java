package dev.starling.config.tls;

import java.util.List;
import java.util.Optional;

/** The secrets of the bootstrap; names are unique among those of one kind. */
public record StaticSecrets(List<Secret> all) {

    public static final StaticSecrets NONE = new StaticSecrets(List.of());

    public StaticSecrets {
        all = List.copyOf(all);
    }

    public <S extends Secret> Optional<S> find(Class<S> kind, String name) {
        return all.stream()
                .filter(secret -> kind.isInstance(secret) && secret.name().equals(name))
                .map(kind::cast)
                .findFirst();
    }
}
