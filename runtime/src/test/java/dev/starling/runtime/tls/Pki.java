package dev.starling.runtime.tls;

import dev.starling.config.tls.CertificateSource;
import dev.starling.config.tls.CommonTls;
import dev.starling.config.tls.DataSource;
import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.PeerValidation;
import dev.starling.config.tls.PeerValidation.SanMatcher;
import dev.starling.config.tls.PeerValidation.Trust;
import dev.starling.config.tls.TlsParameters;
import dev.starling.config.tls.TlsVersion;
import dev.starling.config.tls.UpstreamTls;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** An authority of a test, and configurations with what it issues. */
public final class Pki {

    private final X509Bundle authority;

    public Pki() {
        this("CN=authority");
    }

    public Pki(String subject) {
        try {
            authority = new CertificateBuilder()
                    .subject(subject)
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    public X509Bundle authority() {
        return authority;
    }

    public X509Bundle issue(String name) {
        return issue(name, builder -> builder);
    }

    public X509Bundle issue(String name, UnaryOperator<CertificateBuilder> more) {
        try {
            CertificateBuilder builder = new CertificateBuilder().subject("CN=" + name);
            if (!name.startsWith("*")) { // which the builder takes for no name; the common name counts then
                builder.addSanDnsName(name);
            }
            return more.apply(builder).buildIssuedBy(authority);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    public static CertificateSource source(X509Bundle bundle) {
        return new CertificateSource(
                Optional.of(DataSource.Inline.of(bundle.getCertificatePathPEM())),
                Optional.of(DataSource.Inline.of(bundle.getPrivateKeyPEM())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public Trust trust() {
        return new Trust(
                Optional.of(DataSource.Inline.of(authority.getCertificatePEM())),
                Optional.empty(),
                false,
                100,
                Optional.empty());
    }

    /** Trusts this authority, and then one of the names must match, if there are any. */
    public PeerValidation validation(SanMatcher... names) {
        return new PeerValidation(Optional.of(trust()), List.of(), List.of(), Arrays.asList(names), false, false);
    }

    public static TlsParameters parameters(TlsVersion minimum, TlsVersion maximum) {
        return new TlsParameters(
                minimum, maximum, TlsParameters.DEFAULT_CIPHER_SUITES, TlsParameters.DEFAULT_ECDH_CURVES, List.of());
    }

    public static DownstreamTls server(X509Bundle... identities) {
        return server(Optional.empty(), false, identities);
    }

    public static DownstreamTls server(
            Optional<PeerValidation> validation, boolean requireCertificate, X509Bundle... identities) {
        return server(
                new CommonTls(
                        parameters(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3),
                        Arrays.stream(identities).map(Pki::source).toList(),
                        validation,
                        List.of("h2", "http/1.1")),
                requireCertificate,
                DownstreamTls.Tickets.Kind.OWN_KEY);
    }

    public static DownstreamTls server(CommonTls common, boolean requireCertificate, DownstreamTls.Tickets tickets) {
        return new DownstreamTls(
                common,
                requireCertificate,
                tickets,
                true,
                Optional.empty(),
                DownstreamTls.OcspPolicy.LENIENT_STAPLING,
                false,
                false);
    }

    public UpstreamTls client(String sni, X509Bundle... identities) {
        return new UpstreamTls(
                new CommonTls(
                        parameters(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3),
                        Arrays.stream(identities).map(Pki::source).toList(),
                        Optional.of(validation()),
                        List.of()),
                sni,
                false,
                false,
                1,
                true);
    }
}
