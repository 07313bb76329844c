package dev.starling.runtime.http;

import dev.starling.config.http.ClientCertificate;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.route.HeaderLines;
import dev.starling.runtime.tls.CertificateFacts;
import dev.starling.runtime.tls.TlsSession;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells upstreams of the client's certificate: {@code x-forwarded-client-cert}, as Envoy's {@code mutateXfccRequestHeader}. */
final class ForwardedCertificate {

    private static final HeaderName NAME = HeaderName.of("x-forwarded-client-cert");

    private final ClientCertificate config;

    ForwardedCertificate(ClientCertificate config) {
        this.config = config;
    }

    void apply(Headers headers, @Nullable TlsSession tls) {
        boolean shown = tls != null && tls.peer().isPresent();
        switch (config.forwarding()) {
            case ALWAYS_FORWARD_ONLY -> {}
            case SANITIZE -> headers.remove(NAME);
            case FORWARD_ONLY -> {
                if (!shown) {
                    headers.remove(NAME);
                }
            }
            case SANITIZE_SET, APPEND_FORWARD -> {
                if (tls == null || !shown) {
                    headers.remove(NAME);
                } else {
                    set(headers, tls.forwarded(this::element));
                }
            }
        }
    }

    private void set(Headers headers, String element) {
        String before = config.forwarding() == ClientCertificate.Forwarding.APPEND_FORWARD
                ? HeaderLines.join(headers, NAME)
                : null;
        headers.set(NAME, before == null || before.isEmpty() ? element : before + "," + element);
    }

    private String element(TlsSession tls) {
        CertificateFacts peer = tls.peer().orElseThrow();
        List<String> parts = new ArrayList<>();
        tls.local().flatMap(local -> local.uriSans().stream().findFirst()).ifPresent(uri -> parts.add("By=" + uri));
        parts.add("Hash=" + peer.sha256());
        if (config.certificate()) {
            parts.add("Cert=\"" + peer.urlEncodedPem() + "\"");
        }
        if (config.chain()) {
            StringBuilder chain = new StringBuilder();
            tls.peerChain().forEach(each -> chain.append(new CertificateFacts(each).urlEncodedPem()));
            parts.add("Chain=\"" + chain + "\"");
        }
        if (config.subject()) {
            parts.add("Subject=\"" + peer.subject() + "\"");
        }
        if (config.uri()) {
            List<String> names = peer.uriSans();
            (names.isEmpty() ? List.of("") : names).forEach(name -> parts.add("URI=" + name));
        }
        if (config.dns()) {
            peer.dnsSans().forEach(name -> parts.add("DNS=" + name));
        }
        return String.join(";", parts);
    }
}
