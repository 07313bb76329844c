package dev.starling.runtime.tls;

import dev.starling.config.tls.Identity;
import dev.starling.config.tls.OcspResponse;
import dev.starling.config.tls.TlsParameters;
import dev.starling.runtime.tls.hello.ClientHello;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Gives providers the certificate of a handshake; an alias is the number of a certificate. */
final class IdentityKeys extends X509ExtendedKeyManager {

    private final IdentityChoice choice;
    private final TlsParameters parameters;
    private final HandshakeNotes notes;

    IdentityKeys(IdentityChoice choice, TlsParameters parameters, HandshakeNotes notes) {
        this.choice = choice;
        this.parameters = parameters;
        this.notes = notes;
    }

    /**
     * Providers ask once for each kind of key until they get an answer. The certificate is chosen as if all kinds were asked
     * for at once, and given for its own kind.
     */
    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        HandshakeNotes.Note note = notes.of(engine);
        ClientHello hello = note == null ? null : note.hello;
        int chosen;
        boolean staples;
        if (hello == null) {
            staples = true;
            chosen = note != null && !note.serverName.isEmpty()
                    ? choice.choose(note.serverName, _ -> true, true) // all of QUIC's clients take keys of P-256
                    : chooseBySession(engine.getHandshakeSession());
        } else {
            ClientAbilities client = ClientAbilities.of(hello, parameters);
            staples = client.ocsp();
            chosen = choice.choose(
                    hello.serverName().isEmpty() ? null : hello.serverName(),
                    identity -> !(identity.certificate().getPublicKey() instanceof ECPublicKey key)
                            || client.curveBits().contains(fieldBits(key)),
                    staples);
        }
        if (!isOf(keyType, choice.identities().get(chosen).key().getAlgorithm())) {
            return null;
        }
        return !staples || staple(chosen, engine, note) ? Integer.toString(chosen) : null;
    }

    private static int fieldBits(ECPublicKey key) {
        return key.getParams().getCurve().getField().getFieldSize();
    }

    /** Whether the certificate can be shown at all. */
    private boolean staple(int chosen, SSLEngine engine, HandshakeNotes.@Nullable Note note) {
        HandshakeNotes.Staple staple = choice.staple(chosen);
        if (note != null) {
            boolean unsent = staple == HandshakeNotes.Staple.SENT && !(engine instanceof ReferenceCountedOpenSslEngine);
            note.staple = unsent ? HandshakeNotes.Staple.OMITTED : staple;
        }
        Optional<OcspResponse> response = choice.identities().get(chosen).ocspResponse();
        if (staple == HandshakeNotes.Staple.SENT
                && response.isPresent()
                && engine instanceof ReferenceCountedOpenSslEngine openSsl) {
            openSsl.setOcspResponse(response.get().der());
        }
        return staple != HandshakeNotes.Staple.FAILED;
    }

    /** By what the provider tells, where nobody has seen the ClientHello. */
    private int chooseBySession(@Nullable SSLSession session) {
        // What the client says is not read where there is no choice: it costs as much as the rest of our part.
        if (choice.identities().size() == 1 || !(session instanceof ExtendedSSLSession extended)) {
            return choice.choose(null, _ -> true, true);
        }
        // Netty has nulls where clients offer what Java has no name for.
        List<String> algorithms = Stream.of(extended.getPeerSupportedSignatureAlgorithms())
                .filter(Objects::nonNull)
                .toList();
        return choice.choose(
                serverName(extended.getRequestedServerNames()),
                identity -> takes(algorithms, identity.key().getAlgorithm()),
                true);
    }

    private static @Nullable String serverName(List<SNIServerName> names) {
        for (SNIServerName name : names) {
            if (name instanceof SNIHostName host) {
                return host.getAsciiName();
            }
        }
        return null;
    }

    private static boolean takes(List<String> signatureAlgorithms, String key) {
        if (signatureAlgorithms.isEmpty()) {
            return true;
        }
        return switch (key) {
            case "EC" -> signatureAlgorithms.stream().anyMatch(name -> name.endsWith("withECDSA"));
            case "RSA" ->
                signatureAlgorithms.stream()
                        .anyMatch(name -> name.endsWith("withRSA")
                                || name.endsWith("RSASSA-PSS")
                                || name.contains("withRSAandMGF1"));
            default -> signatureAlgorithms.contains(key);
        };
    }

    private static boolean isOf(String keyType, String algorithm) {
        return switch (algorithm) {
            case "EC" -> keyType.startsWith("EC");
            case "RSA" -> keyType.startsWith("RSA");
            default -> keyType.equalsIgnoreCase(algorithm) || keyType.equals("EdDSA");
        };
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        return choice.identities().isEmpty() ? null : "0";
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return identity(alias).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identity(alias).key();
    }

    private Identity identity(String alias) {
        return choice.identities().get(Integer.parseInt(alias));
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[0];
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyType, Principal @Nullable [] issuers, Socket socket) {
        return choice.identities().isEmpty() ? null : "0";
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[0];
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }
}
