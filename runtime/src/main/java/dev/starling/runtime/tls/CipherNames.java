package dev.starling.runtime.tls;

/** Cipher suites under OpenSSL's names; those of TLS 1.3 are the same everywhere. */
final class CipherNames {

    private CipherNames() {}

    /** {@code ECDHE-RSA-AES128-GCM-SHA256} for {@code TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}. */
    static String openSsl(String java) {
        int with = java.indexOf("_WITH_");
        if (!java.startsWith("TLS_") || with < 0) {
            return java;
        }
        String exchange = java.substring(4, with).replace('_', '-');
        String rest = java.substring(with + 6)
                .replace("CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305")
                .replace("AES_128_CBC", "AES128")
                .replace("AES_256_CBC", "AES256")
                .replace("AES_128", "AES128")
                .replace("AES_256", "AES256")
                .replace('_', '-');
        return exchange.equals("RSA") ? rest : exchange + "-" + rest;
    }

    /** The other way round. */
    static String java(String openSsl) {
        if (openSsl.startsWith("TLS_")) {
            return openSsl;
        }
        int exchange = openSsl.startsWith("ECDHE-ECDSA-")
                ? "ECDHE-ECDSA".length()
                : openSsl.startsWith("ECDHE-RSA-") ? "ECDHE-RSA".length() : 0;
        String how = exchange == 0 ? "RSA" : openSsl.substring(0, exchange).replace('-', '_');
        String rest = exchange == 0 ? openSsl : openSsl.substring(exchange + 1);
        String cipher = switch (rest) {
            case "CHACHA20-POLY1305" -> "CHACHA20_POLY1305_SHA256";
            case "AES128-SHA" -> "AES_128_CBC_SHA";
            case "AES256-SHA" -> "AES_256_CBC_SHA";
            default ->
                rest.replace("AES128", "AES_128").replace("AES256", "AES_256").replace('-', '_');
        };
        return "TLS_" + how + "_WITH_" + cipher;
    }
}
