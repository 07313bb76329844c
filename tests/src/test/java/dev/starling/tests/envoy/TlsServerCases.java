package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.TlsCase.DIRECT;
import static dev.starling.tests.envoy.TlsCase.visit;
import static dev.starling.tests.envoy.TlsListener.SERVER;
import static dev.starling.tests.envoy.TlsListener.common;
import static dev.starling.tests.envoy.TlsListener.files;

import java.util.ArrayList;
import java.util.List;

/** What servers and clients agree on: versions, cipher suites, names, protocols, sessions. */
final class TlsServerCases {

    private static final String ECDSA_128 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    private static final String ECDSA_256 = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
    private static final String ECDSA_CHACHA = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256";
    private static final String RSA_128 = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
    private static final String RSA_256 = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
    private static final String RSA_CBC = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA";

    private static final String PAIR = "tls_certificates: [" + files("server-rsa") + ", " + files("server") + "]";

    private TlsServerCases() {}

    static List<TlsListener> listeners() {
        String pair = PAIR + ", ";
        return List.of(
                common("default", SERVER),
                common("pair", PAIR),
                common("only-1.2", pair + "tls_params: {tls_maximum_protocol_version: TLSv1_2}"),
                common("only-1.3", pair + "tls_params: {tls_minimum_protocol_version: TLSv1_3}"),
                common(
                        "suites",
                        pair
                                + "tls_params: {cipher_suites: [ECDHE-RSA-AES256-GCM-SHA384,"
                                + " ECDHE-ECDSA-AES128-GCM-SHA256]}"),
                common(
                        "groups",
                        pair
                                + "tls_params: {cipher_suites: [\"[ECDHE-ECDSA-AES128-GCM-SHA256|"
                                + "ECDHE-ECDSA-CHACHA20-POLY1305]\", ECDHE-RSA-AES256-GCM-SHA384]}"),
                common("curves", SERVER + ", tls_params: {ecdh_curves: [P-384, P-256]}"),
                common("hybrid", SERVER + ", tls_params: {ecdh_curves: [X25519MLKEM768, X25519]}"),
                new TlsListener(
                        "client-order", "common_tls_context: {" + PAIR + "}\nprefer_client_ciphers: true", "", ""),
                common(
                        "names",
                        "tls_certificates: [" + files("server") + ", " + files("wild") + ", " + files("exact") + ", "
                                + files("rsa") + ", " + files("second") + "]"),
                new TlsListener(
                        "scan",
                        "common_tls_context: {tls_certificates: [" + files("rsa") + ", " + files("second")
                                + "]}\nfull_scan_certs_on_sni_mismatch: true",
                        "",
                        ""),
                common("rsa-first", "tls_certificates: [" + files("rsa") + ", " + files("second") + "]"),
                common("alpn", SERVER + ", alpn_protocols: [h2, http/1.1]"),
                common("alpn-1", SERVER + ", alpn_protocols: [http/1.1]"),
                common("alpn-other", SERVER + ", alpn_protocols: [other, http/1.1, h2]"),
                new TlsListener(
                        "no-tickets",
                        "common_tls_context: {" + SERVER + "}\ndisable_stateless_session_resumption: true",
                        "",
                        ""),
                new TlsListener(
                        "no-sessions",
                        "common_tls_context: {" + SERVER + "}\ndisable_stateless_session_resumption: true\n"
                                + "disable_stateful_session_resumption: true",
                        "",
                        ""),
                new TlsListener(
                        "ticket-keys",
                        "common_tls_context: {" + SERVER + "}\nsession_ticket_keys: {keys: [{inline_string: \""
                                + "k".repeat(80) + "\"}]}",
                        "",
                        ""));
    }

    static List<TlsCase> cases() {
        List<TlsCase> cases = new ArrayList<>();
        for (TlsListener listener : listeners()) {
            String name = listener.name();
            cases.add(visit(name, "any version", new TlsPeer()));
            cases.add(visit(name, "1.2", new TlsPeer().versions("TLSv1.2")));
            cases.add(visit(name, "1.3", new TlsPeer().versions("TLSv1.3")));
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                cases.add(again(name, version));
            }
        }
        for (String listener : List.of("default", "pair", "suites", "groups", "client-order")) {
            suites(listener, cases);
        }
        for (String listener : List.of("default", "curves", "hybrid")) {
            groups(listener, cases);
        }
        for (String listener : List.of("names", "scan", "rsa-first")) {
            names(listener, cases);
        }
        for (String listener : List.of("default", "alpn", "alpn-1", "alpn-other")) {
            protocols(listener, cases);
        }
        return cases;
    }

    /** The same client three times, which resumes its session if it may. */
    private static TlsCase again(String listener, String version) {
        return new TlsCase(listener, listener + ": again with " + version, address -> {
            TlsPeer client = new TlsPeer().versions(version);
            return client.visit(address, DIRECT) + client.visit(address, DIRECT) + client.visit(address, DIRECT);
        });
    }

    private static void suites(String listener, List<TlsCase> cases) {
        List<List<String>> offers = List.of(
                List.of(ECDSA_128),
                List.of(ECDSA_256),
                List.of(ECDSA_CHACHA),
                List.of(RSA_128),
                List.of(RSA_256),
                List.of(RSA_CBC),
                List.of(ECDSA_CHACHA, ECDSA_128),
                List.of(ECDSA_128, ECDSA_CHACHA),
                List.of(ECDSA_256, ECDSA_128),
                List.of(RSA_256, ECDSA_128),
                List.of(RSA_256, RSA_128),
                List.of(RSA_CBC, RSA_128));
        for (List<String> offer : offers) {
            cases.add(visit(
                    listener,
                    offer.toString(),
                    new TlsPeer().versions("TLSv1.2").suites(offer.toArray(String[]::new))));
        }
        cases.add(visit(
                listener,
                "the larger key first",
                new TlsPeer().versions("TLSv1.3").suites("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256")));
        for (String scheme : List.of(
                "rsa_pss_rsae_sha256", "rsa_pkcs1_sha256", "ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384")) {
            cases.add(visit(listener, scheme, new TlsPeer().signatures(scheme)));
            cases.add(visit(
                    listener,
                    scheme + ", 1.2",
                    new TlsPeer().versions("TLSv1.2").signatures(scheme)));
        }
    }

    private static void groups(String listener, List<TlsCase> cases) {
        for (String group : List.of("x25519", "secp256r1", "secp384r1", "secp521r1")) {
            cases.add(visit(listener, group, new TlsPeer().groups(group)));
            cases.add(visit(
                    listener, group + ", 1.2", new TlsPeer().versions("TLSv1.2").groups(group)));
        }
        cases.add(visit(listener, "two groups", new TlsPeer().groups("secp521r1", "secp256r1")));
    }

    private static void names(String listener, List<TlsCase> cases) {
        for (String name : List.of(
                "server.example.com",
                "SERVER.example.com",
                "x.wild.example.com",
                "exact.wild.example.com",
                "x.y.wild.example.com",
                "wild.example.com",
                "rsa.example.com",
                "second.example.com",
                "unknown.example.com",
                "localhost")) {
            cases.add(visit(listener, "named " + name, new TlsPeer().sni(name)));
            cases.add(visit(
                    listener,
                    "named " + name + ", RSA only",
                    new TlsPeer().sni(name).versions("TLSv1.2").suites(RSA_128)));
            cases.add(visit(
                    listener,
                    "named " + name + ", ECDSA only",
                    new TlsPeer().sni(name).versions("TLSv1.2").suites(ECDSA_128)));
        }
    }

    private static void protocols(String listener, List<TlsCase> cases) {
        List<List<String>> offers = List.of(
                List.of("h2"),
                List.of("http/1.1"),
                List.of("h2", "http/1.1"),
                List.of("http/1.1", "h2"),
                List.of("spdy/3"),
                List.of("http/1.0"),
                List.of("other"),
                List.of("spdy/3", "http/1.1"));
        for (List<String> offer : offers) {
            cases.add(visit(listener, "offers " + offer, new TlsPeer().alpn(offer.toArray(String[]::new))));
        }
    }
}
