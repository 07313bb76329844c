package dev.starling.admin;

import dev.starling.config.proto.print.TreeWriter;
import dev.starling.config.tls.Identity;
import dev.starling.runtime.tls.CertificateFacts;
import dev.starling.runtime.tls.TlsHolder;
import dev.starling.runtime.tls.TlsHolders;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;

/** {@code /certs}: the certificates of every context in use, in the form of Envoy's {@code admin.v3.Certificates}. */
final class CertsPage {

    private final TlsHolders tls;
    private final InstantSource clock;

    CertsPage(TlsHolders tls, InstantSource clock) {
        this.tls = tls;
        this.clock = clock;
    }

    AdminResponse answer(AdminRequest request) {
        List<TlsHolder> holders = tls.all().stream()
                .sorted(Comparator.comparing(TlsHolder::owner))
                .toList();
        return JsonPage.of(out -> {
            out.name("certificates");
            out.beginList();
            for (TlsHolder holder : holders) {
                out.beginObject();
                out.name("ca_cert");
                out.beginList();
                if (holder.trust().isPresent()) {
                    write(
                            holder.trust().get().authorities().getFirst(),
                            holder.trust().get().from(),
                            out);
                }
                out.endList();
                out.name("cert_chain");
                out.beginList();
                for (Identity identity : holder.identities()) {
                    write(identity.certificate(), identity.from(), out);
                }
                out.endList();
                out.endObject();
            }
            out.endList();
        });
    }

    private void write(X509Certificate certificate, String path, TreeWriter out) throws IOException {
        CertificateFacts facts = new CertificateFacts(certificate);
        long days =
                Math.max(0, Duration.between(clock.instant(), facts.validTo()).toDays());
        out.beginObject();
        JsonPage.member("path", path, out);
        JsonPage.member("serial_number", facts.serial(), out);
        out.name("subject_alt_names");
        out.beginList();
        names("dns", facts.dnsSans(), out);
        names("uri", facts.uriSans(), out);
        names("ip_address", facts.ipSans(), out);
        out.endList();
        JsonPage.member("days_until_expiration", Long.toString(days), out);
        JsonPage.member("valid_from", time(facts.validFrom()), out);
        JsonPage.member("expiration_time", time(facts.validTo()), out);
        out.endObject();
    }

    private static void names(String kind, List<String> names, TreeWriter out) throws IOException {
        for (String name : names) {
            out.beginObject();
            JsonPage.member(kind, name, out);
            out.endObject();
        }
    }

    private static String time(Instant time) {
        return time.toString();
    }
}
