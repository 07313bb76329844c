package dev.starling.runtime.tls;

import dev.starling.config.tls.CommonTls;
import dev.starling.config.tls.DataSource;
import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.DownstreamTls.Tickets;
import dev.starling.config.tls.PeerValidation;
import dev.starling.config.tls.TicketKey;
import dev.starling.config.tls.TlsParameters;
import dev.starling.config.tls.TlsProblem;
import dev.starling.config.tls.TlsVersion;
import dev.starling.config.tls.UpstreamTls;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.BoringSSLContextOption;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;

/** Makes contexts of configurations, for one provider. */
public final class TlsContextFactory {

    /** Those of TLS 1.3 are not configured: a provider takes them or not. */
    private static final List<String> TLS_1_3_SUITES =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private final Supplier<TlsProvider> provider;
    private final InstantSource clock;
    private final HandshakeNotes notes = new HandshakeNotes();

    /**
     * @param provider asked with each context, and not before: to find one may load a library
     * @param clock by which certificates are valid or not
     */
    public TlsContextFactory(Supplier<TlsProvider> provider, InstantSource clock) {
        this.provider = provider;
        this.clock = clock;
    }

    InstantSource clock() {
        return clock;
    }

    HandshakeNotes notes() {
        return notes;
    }

    /** Java's where signature algorithms are named: Netty's library has no call for them. */
    private TlsProvider provider(TlsParameters parameters) {
        return parameters.signatureAlgorithms().isEmpty() ? provider.get() : TlsProvider.JDK;
    }

    TlsContext server(DownstreamTls config) throws TlsProblem {
        TlsProvider provider = provider(config.common().parameters());
        List<DataSource> keys = config.tickets() instanceof Tickets.Keys given ? given.keys() : List.of();
        TlsMaterial material = TlsMaterial.read(config.common(), keys);
        checkStaples(config, material);
        IdentityChoice choice =
                new IdentityChoice(material.identities(), config.fullScanOnMismatch(), config.ocspPolicy(), clock);
        boolean staples = material.identities().stream()
                .anyMatch(identity -> identity.ocspResponse().isPresent());
        if (staples && !config.common().parameters().signatureAlgorithms().isEmpty()) {
            throw new TlsProblem("", "OCSP responses are not supported together with signature_algorithms");
        }
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(
                            keys(choice, config.common().parameters()))
                    .trustManager(verifier(material, false, false))
                    .clientAuth(clientAuth(config, material));
            // The provider of Java has no way to be told what to staple.
            builder.enableOcsp(staples && provider == TlsProvider.BORINGSSL);
            SslContext context =
                    common(builder, config.common(), config.common().alpnProtocols());
            CipherGroups.set(context, config.common().parameters().cipherSuites());
            sessions(context.sessionContext(), config, material);
            return new TlsContext(
                    context,
                    material,
                    new ServerEngineSetup(config.common().parameters(), config.tickets(), config.preferClientCiphers()),
                    null);
        } catch (SSLException | GeneralSecurityException cause) {
            throw new TlsProblem("", String.valueOf(cause.getMessage()));
        }
    }

    /** Of certificates that stand in the configuration its reader has told already. */
    private static void checkStaples(DownstreamTls config, TlsMaterial material) throws TlsProblem {
        if (config.ocspPolicy() == DownstreamTls.OcspPolicy.MUST_STAPLE
                && material.identities().stream()
                        .anyMatch(identity -> identity.ocspResponse().isEmpty())) {
            throw new TlsProblem("", "Required OCSP response is missing from TLS context");
        }
    }

    TlsContext client(UpstreamTls config) throws TlsProblem {
        TlsProvider provider = provider(config.common().parameters());
        TlsMaterial material = TlsMaterial.read(config.common(), List.of());
        List<String> configured = config.common().alpnProtocols();
        try {
            return new TlsContext(
                    client(config, material, configured),
                    material,
                    new ClientEngineSetup(provider, config.common().parameters(), config.maxSessionKeys() > 0),
                    configured.isEmpty() ? offered -> client(config, material, offered) : null);
        } catch (SSLException cause) {
            throw new TlsProblem("", String.valueOf(cause.getMessage()));
        }
    }

    private SslContext client(UpstreamTls config, TlsMaterial material, List<String> alpnProtocols)
            throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .endpointIdentificationAlgorithm(null) // names are our own verifier's business
                .trustManager(verifier(material, config.autoSniSanValidation(), config.enforceRsaKeyUsage()));
        if (!material.identities().isEmpty()) {
            IdentityChoice choice =
                    new IdentityChoice(material.identities(), true, DownstreamTls.OcspPolicy.LENIENT_STAPLING, clock);
            builder.keyManager(keys(choice, config.common().parameters()));
        }
        SslContext context = common(builder, config.common(), alpnProtocols);
        SSLSessionContext sessions = context.sessionContext();
        if (sessions instanceof OpenSslSessionContext openSsl) {
            openSsl.setSessionCacheEnabled(config.maxSessionKeys() > 0);
        }
        sessions.setSessionTimeout((int) TlsLimits.SESSION_TIMEOUT.toSeconds());
        sessions.setSessionCacheSize(Math.max(1, config.maxSessionKeys()));
        return context;
    }

    /** For QUIC, which has a BoringSSL of its own and TLS 1.3 only. */
    QuicSslContext quic(DownstreamTls config, TlsMaterial material) throws TlsProblem {
        IdentityChoice choice =
                new IdentityChoice(material.identities(), config.fullScanOnMismatch(), config.ocspPolicy(), clock);
        // Only contexts that choose among contexts are told names; it chooses itself.
        AtomicReference<QuicSslContext> itself = new AtomicReference<>();
        try {
            QuicSslContextBuilder builder = QuicSslContextBuilder.forServer(
                            new IdentityKeys(choice, config.common().parameters(), notes), null)
                    .trustManager(verifier(material, false, false))
                    .clientAuth(clientAuth(config, material))
                    .applicationProtocols(Http3.supportedApplicationProtocols())
                    .sni(_ -> itself.get());
            List<String> signatures = config.common().parameters().signatureAlgorithms();
            if (!signatures.isEmpty()) {
                builder.option(BoringSSLContextOption.SIGNATURE_ALGORITHMS, signatures.toArray(String[]::new));
            }
            QuicSslContext made = builder.build();
            itself.set(made);
            return made;
        } catch (RuntimeException cause) {
            throw new TlsProblem("", String.valueOf(cause.getMessage()));
        }
    }

    /** With a certificate that is needed, or only wished for: where nothing is checked, none is asked for. */
    private static ClientAuth clientAuth(DownstreamTls config, TlsMaterial material) {
        Optional<PeerValidation> rules = material.rules();
        if (config.requireClientCertificate()) {
            return ClientAuth.REQUIRE;
        }
        if (rules.isEmpty()) {
            return ClientAuth.NONE;
        }
        boolean needed = !rules.get().acceptUntrusted()
                && (rules.get().pins() || !rules.get().subjectAltNames().isEmpty());
        return needed ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL;
    }

    private PeerVerifier verifier(TlsMaterial material, boolean serverNameMustMatch, boolean enforceRsaKeyUsage) {
        return new PeerVerifier(
                material.rules(), material.trust(), serverNameMustMatch, enforceRsaKeyUsage, notes, clock);
    }

    /** BoringSSL needs a key in its own form, which is kept. */
    private javax.net.ssl.KeyManagerFactory keys(IdentityChoice choice, TlsParameters parameters) {
        OneKeyManager manager = new OneKeyManager(new IdentityKeys(choice, parameters, notes));
        return provider(parameters) == TlsProvider.BORINGSSL
                ? new OpenSslCachingX509KeyManagerFactory(manager)
                : manager;
    }

    private SslContext common(SslContextBuilder builder, CommonTls config, List<String> alpnProtocols)
            throws SSLException {
        TlsParameters parameters = config.parameters();
        TlsProvider provider = provider(parameters);
        builder.sslProvider(provider.netty())
                .protocols(parameters.versions().stream().map(TlsVersion::text).toArray(String[]::new))
                .ciphers(suites(parameters), SupportedCipherSuiteFilter.INSTANCE);
        if (!alpnProtocols.isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    alpnProtocols));
        }
        if (provider == TlsProvider.BORINGSSL) {
            builder.option(OpenSslContextOption.GROUPS, parameters.ecdhCurves().toArray(String[]::new))
                    .option(OpenSslContextOption.MAX_CERTIFICATE_LIST_BYTES, TlsLimits.CERTIFICATE_LIST_BYTES);
        }
        return builder.build();
    }

    /** Netty knows suites by the names that Java has for them, whatever the provider. */
    private static List<String> suites(TlsParameters parameters) {
        return Stream.concat(TLS_1_3_SUITES.stream(), parameters.flatCipherSuites().stream())
                .map(CipherNames::java)
                .toList();
    }

    private void sessions(SSLSessionContext sessions, DownstreamTls config, TlsMaterial material)
            throws GeneralSecurityException {
        long timeout = config.sessionTimeout().orElse(TlsLimits.SESSION_TIMEOUT).toSeconds();
        sessions.setSessionTimeout((int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout)));
        sessions.setSessionCacheSize(config.statefulResumption() ? TlsLimits.SERVER_SESSIONS : 1);
        if (sessions instanceof OpenSslServerSessionContext openSsl) {
            openSsl.setSessionCacheEnabled(config.statefulResumption());
            openSsl.setSessionIdContext(material.digest(config.common()));
            if (!material.ticketKeys().isEmpty()) {
                OpenSslSessionTicketKey[] keys =
                        new OpenSslSessionTicketKey[material.ticketKeys().size()];
                for (int i = 0; i < keys.length; i++) {
                    keys[i] = ticketKey(material.ticketKeys().get(i));
                }
                openSsl.setTicketKeys(keys);
            }
        }
    }

    /** tcnative seals with shorter keys than Envoy has; all of each goes into them. */
    private static OpenSslSessionTicketKey ticketKey(TicketKey key) throws GeneralSecurityException {
        byte[] bytes = key.bytes();
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return new OpenSslSessionTicketKey(
                Arrays.copyOf(bytes, OpenSslSessionTicketKey.NAME_SIZE),
                Arrays.copyOf(digest.digest(Arrays.copyOfRange(bytes, 16, 48)), OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                Arrays.copyOf(digest.digest(Arrays.copyOfRange(bytes, 48, 80)), OpenSslSessionTicketKey.AES_KEY_SIZE));
    }
}
