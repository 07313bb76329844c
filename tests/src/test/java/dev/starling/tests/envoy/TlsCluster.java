package dev.starling.tests.envoy;

/**
 * A cluster with a context of its own.
 *
 * @param server which of the servers is its endpoint
 * @param context fields of the {@code UpstreamTlsContext}, as YAML
 * @param options fields of the cluster
 * @param metadata of the endpoint, by which it may have another socket
 */
record TlsCluster(String name, String server, String context, String options, String metadata) {

    static final String TRUST = "validation_context: {trusted_ca: {filename: \"{tls}/ca.pem\"}";

    TlsCluster(String name, String server, String context) {
        this(name, server, context, "");
    }

    TlsCluster(String name, String server, String context, String options) {
        this(name, server, context, options, "");
    }

    String yaml(String template, int port) {
        return template.replace("{name}", name)
                .replace("{port}", Integer.toString(port))
                .replace("{metadata}", metadata)
                .replace("{context}", context.indent(6))
                .replace("{options}", options.indent(2));
    }
}
