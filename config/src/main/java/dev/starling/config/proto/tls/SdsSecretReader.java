package dev.starling.config.proto.tls;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.discovery.ConfigSourceReader;
import dev.starling.config.tls.SdsSecret;
import dev.starling.config.tls.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads {@code SdsSecretConfig}: one without a source names a secret of the bootstrap. */
final class SdsSecretReader {

    private SdsSecretReader() {}

    /**
     * @param kind what it has to be
     * @param unknown what Envoy says where the bootstrap has none of the name
     * @param given told the secret of the bootstrap
     * @return where it is to come from; empty if it is given, and after a problem
     */
    static <S extends Secret> Optional<SdsSecret> read(
            SdsSecretConfig message, Class<S> kind, String unknown, Consumer<S> given, ValidationContext context) {
        if (message.hasSdsConfig()) {
            return Optional.ofNullable(ConfigSourceReader.read(message.getSdsConfig(), context.field("sds_config")))
                    .map(source -> new SdsSecret(message.getName(), source, kind));
        }
        context.secrets()
                .find(kind, message.getName())
                .ifPresentOrElse(
                        given, () -> context.field("name").problem("Unknown " + unknown + ": " + message.getName()));
        return Optional.empty();
    }
}
