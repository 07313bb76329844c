package dev.starling.tests.envoy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The secrets of files that both proxies have, the listeners that name them, and an upstream of TLS. */
final class SecretsStage implements Closeable {

    private final Path folder;
    private final Path shared;
    private final TlsFiles files;
    private final TlsUpstreamServer upstream;
    private final String listeners;

    SecretsStage(Path folder) throws IOException {
        this.folder = folder;
        shared = Files.createDirectories(folder.resolve("shared"));
        files = TlsFiles.in(folder.resolve("tls"));
        upstream = new TlsUpstreamServer(files.identity("server"), _ -> {});
        swap("server", "server");
        sendCertificate("1", shared.resolve("data/certificate.pem"), shared.resolve("data/key.pem"));
        sendRules("1", "ca");
        String template = BothProxies.resource("tls-listener.yaml");
        listeners = listeners().stream()
                .map(each -> each.yaml(template).indent(4))
                .collect(Collectors.joining())
                .replace("{shared}", shared.toString())
                .replace("{tls}", files.folder().toString());
    }

    TlsFiles files() {
        return files;
    }

    Map<String, ?> values() {
        return Map.of("listeners", listeners, "upstream", upstream.port(), "tls", files.folder());
    }

    private static List<TlsListener> listeners() {
        String certificate = "tls_certificate_sds_secret_configs: [{name: certificate, sds_config:"
                + " {path_config_source: {path: \"{shared}/certificate.yaml\"}}}]";
        String rules = "combined_validation_context: {default_validation_context: {match_typed_subject_alt_names:"
                + " [{san_type: URI, matcher: {exact: \"" + TlsFiles.CLIENT_URI + "\"}}]},"
                + " validation_context_sds_secret_config: {name: rules, sds_config:"
                + " {path_config_source: {path: \"{shared}/rules.yaml\"}}}}";
        return List.of(
                TlsListener.common("named", certificate),
                new TlsListener(
                        "combined",
                        "common_tls_context: {" + certificate + ", " + rules + "}\nrequire_client_certificate: true",
                        "",
                        ""),
                TlsListener.common(
                        "late",
                        "tls_certificate_sds_secret_configs: [{name: late, sds_config: {initial_fetch_timeout: 1s,"
                                + " resource_api_version: V3, api_config_source: {api_type: GRPC,"
                                + " transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: nobody}}]}}}]"),
                new TlsListener(
                        "given",
                        "session_ticket_keys_sds_secret_config: {name: keys}\ncommon_tls_context:"
                                + " {tls_certificate_sds_secret_configs: [{name: own}],"
                                + " validation_context_sds_secret_config: {name: trust}}",
                        "",
                        ""));
    }

    private static String secret(String version, String name, String content) {
        return """
                version_info: "%s"
                resources:
                - "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
                  name: %s
                  %s
                """.formatted(version, name, content);
    }

    private void move(String name, String content) throws IOException {
        Path written = Files.writeString(folder.resolve(name + ".next"), content);
        Files.move(written, shared.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    void sendCertificate(String version, Path chain, Path key) throws IOException {
        move(
                "certificate.yaml",
                secret(
                        version,
                        "certificate",
                        "tls_certificate: {certificate_chain: {filename: \"" + chain + "\"}, private_key: {filename: \""
                                + key + "\"}, watched_directory: {path: \"" + shared + "\"}}"));
    }

    void sendRules(String version, String authority) throws IOException {
        Path file = files.folder().resolve(authority + ".pem");
        move("rules.yaml", secret(version, "rules", "validation_context: {trusted_ca: {filename: \"" + file + "\"}}"));
    }

    /** Lets the link of the certificate's folder lead to another. */
    void swap(String certificate, String key) throws IOException {
        Path to = Files.createTempDirectory(folder, "data");
        Files.writeString(
                to.resolve("certificate.pem"), files.identity(certificate).getCertificatePathPEM());
        Files.writeString(to.resolve("key.pem"), files.identity(key).getPrivateKeyPEM());
        Path link = Files.createSymbolicLink(folder.resolve("data.next"), to);
        Files.move(link, shared.resolve("data"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        upstream.close();
    }
}
