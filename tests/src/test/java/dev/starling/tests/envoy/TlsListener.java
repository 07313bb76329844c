package dev.starling.tests.envoy;

/**
 * A listener with a context of its own.
 *
 * @param context fields of the {@code DownstreamTlsContext}, as YAML
 * @param chain fields of the filter chain
 * @param manager fields of the connection manager
 */
record TlsListener(String name, String context, String chain, String manager) {

    static final String SERVER = "tls_certificates: [" + files("server") + "]";

    static String files(String name) {
        return "{certificate_chain: {filename: \"{tls}/" + name + ".pem\"}, private_key: {filename: \"{tls}/" + name
                + ".key\"}}";
    }

    /** @param common fields of the {@code CommonTlsContext}, in one line */
    static TlsListener common(String name, String common) {
        return new TlsListener(name, "common_tls_context: {" + common + "}", "", "");
    }

    /** Clients are held to these rules. */
    static TlsListener checking(String name, boolean requires, String validation) {
        String context = "common_tls_context: {" + SERVER + ", validation_context: {" + validation + "}}";
        return new TlsListener(name, context + "\nrequire_client_certificate: " + requires, "", "");
    }

    String yaml(String template) {
        return template.replace("{name}", name)
                .replace("{context}", context.indent(10))
                .replace("{chain}", chain.indent(6))
                .replace("{manager}", manager.indent(12));
    }
}
