package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.TlsCase.visit;
import static dev.starling.tests.envoy.TlsListener.SERVER;
import static dev.starling.tests.envoy.TlsListener.checking;

import java.util.ArrayList;
import java.util.List;

/** What clients show of themselves: who is let in, and what upstreams and logs are told of it. */
final class TlsClientCases {

    private static final String CA = "trusted_ca: {filename: \"{tls}/ca.pem\"}";
    private static final String CRL = CA + ", crl: {filename: \"{tls}/ca.crl\"}";

    private static final List<String> CLIENTS = List.of(
            "good",
            "pinned",
            "expired",
            "future",
            "revoked",
            "for-servers",
            "for-clients",
            "through-middle",
            "nameless",
            "self-signed");

    private static final List<String> MODES =
            List.of("SANITIZE", "FORWARD_ONLY", "APPEND_FORWARD", "SANITIZE_SET", "ALWAYS_FORWARD_ONLY");

    private TlsClientCases() {}

    static List<TlsListener> listeners() {
        List<TlsListener> listeners = new ArrayList<>(List.of(
                checking("asks", false, CA),
                checking("requires", true, CA),
                checking("requires-anything", true, ""),
                checking("uri", true, CA + matching("URI", "exact: \"" + TlsFiles.CLIENT_URI + "\"")),
                checking("uri-optional", false, CA + matching("URI", "prefix: \"spiffe://\"")),
                checking("uri-other", true, CA + matching("URI", "exact: \"spiffe://other\"")),
                checking("dns", true, CA + matching("DNS", "exact: \"client.example.com\"")),
                checking("dns-suffix", true, CA + matching("DNS", "suffix: \".client.example.com\"")),
                checking("mail", true, CA + matching("EMAIL", "exact: \"client@example.com\"")),
                checking("ip", true, CA + matching("IP_ADDRESS", "exact: \"10.1.2.3\"")),
                checking("any-name", true, CA + ", match_subject_alt_names: [{exact: \"10.1.2.3\"}]"),
                checking("hash", true, "verify_certificate_hash: [\"{hash-of-pinned}\"]"),
                checking("key", true, "verify_certificate_spki: [\"{key-of-pinned}\"]"),
                checking("hash-optional", false, "verify_certificate_hash: [\"{hash-of-pinned}\"]"),
                checking("ca-and-hash", true, CA + ", verify_certificate_hash: [\"{hash-of-pinned}\"]"),
                checking("revocations", true, CRL),
                checking("old-revocations", true, CA + ", crl: {filename: \"{tls}/old.crl\"}"),
                checking("leaf-revocations", true, CRL + ", only_verify_leaf_cert_crl: true"),
                checking("untrusted", false, CA + ", trust_chain_verification: ACCEPT_UNTRUSTED"),
                checking("untrusted-required", true, CA + ", trust_chain_verification: ACCEPT_UNTRUSTED"),
                checking(
                        "untrusted-uri",
                        false,
                        CA + ", trust_chain_verification: ACCEPT_UNTRUSTED"
                                + matching("URI", "exact: \"spiffe://other\"")),
                checking("old-ones-too", true, CA + ", allow_expired_certificate: true"),
                checking("shallow", true, CA + ", max_verify_depth: 0"),
                checking("middle", true, "trusted_ca: {filename: \"{tls}/middle.pem\"}")));
        for (String mode : MODES) {
            listeners.add(forwarding(mode.toLowerCase(java.util.Locale.ROOT), mode, ALL));
        }
        listeners.add(forwarding("set-nothing", "SANITIZE_SET", ""));
        listeners.add(forwarding("append-nothing", "APPEND_FORWARD", ""));
        listeners.add(forwarding("set-subject", "SANITIZE_SET", "subject: true"));
        listeners.add(forwarding("set-dns", "SANITIZE_SET", "dns: true"));
        return listeners;
    }

    private static final String ALL = "subject: true, cert: true, chain: true, dns: true, uri: true";

    private static String matching(String type, String matcher) {
        return ", match_typed_subject_alt_names: [{san_type: " + type + ", matcher: {" + matcher + "}}]";
    }

    private static TlsListener forwarding(String name, String mode, String details) {
        return new TlsListener(
                name,
                "common_tls_context: {" + SERVER + ", validation_context: {" + CA + "}}",
                "",
                "forward_client_cert_details: " + mode + "\nset_current_client_cert_details: {" + details + "}");
    }

    static List<TlsCase> cases(TlsFiles files) {
        List<TlsCase> cases = new ArrayList<>();
        for (TlsListener listener : listeners()) {
            String name = listener.name();
            if (listener.manager().isEmpty()) {
                cases.add(visit(name, "nobody", new TlsPeer().patient()));
                cases.add(visit(
                        name, "nobody, 1.2", new TlsPeer().versions("TLSv1.2").patient()));
                for (String client : CLIENTS) {
                    cases.add(visit(name, client, new TlsPeer(files.identity(client))));
                }
                for (String client : List.of("good", "pinned", "expired", "revoked")) {
                    cases.add(visit(name, client + ", 1.2", new TlsPeer(files.identity(client)).versions("TLSv1.2")));
                }
                cases.add(again(name, files, "TLSv1.2"));
                cases.add(again(name, files, "TLSv1.3"));
            } else {
                forwards(name, files, cases);
            }
        }
        return cases;
    }

    /** A session that is resumed is that of the same client. */
    private static TlsCase again(String listener, TlsFiles files, String version) {
        return new TlsCase(listener, listener + ": good again with " + version, address -> {
            TlsPeer client = new TlsPeer(files.identity("good")).versions(version);
            return client.visit(address, TlsCase.DIRECT) + client.visit(address, TlsCase.DIRECT);
        });
    }

    private static void forwards(String listener, TlsFiles files, List<TlsCase> cases) {
        List<String> headers = List.of(
                "",
                "x-forwarded-client-cert: By=spiffe://b;Hash=0;Subject=\"/C=US\"\r\n",
                "x-forwarded-client-cert: By=a\r\nx-forwarded-client-cert: By=b\r\n");
        for (int i = 0; i < headers.size(); i++) {
            String request = TlsCase.DIRECT.replace("\r\n\r\n", "\r\n" + headers.get(i) + "\r\n");
            for (String client : List.of("good", "nameless", "through-middle")) {
                cases.add(new TlsCase(
                        listener,
                        listener + ": " + client + " says " + i,
                        address -> new TlsPeer(files.identity(client)).visit(address, request)));
            }
            cases.add(new TlsCase(
                    listener, listener + ": nobody says " + i, address -> new TlsPeer().visit(address, request)));
        }
    }
}
