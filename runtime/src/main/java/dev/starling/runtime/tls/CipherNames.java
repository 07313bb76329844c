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

    /** IANA's number of the suite; 0xffff of one that BoringSSL does not offer. */
    static int number(String openSsl) {
        return switch (openSsl) {
            case "TLS_AES_128_GCM_SHA256" -> 0x1301;
            case "TLS_AES_256_GCM_SHA384" -> 0x1302;
            case "TLS_CHACHA20_POLY1305_SHA256" -> 0x1303;
            case "ECDHE-ECDSA-AES128-GCM-SHA256" -> 0xc02b;
            case "ECDHE-ECDSA-AES256-GCM-SHA384" -> 0xc02c;
            case "ECDHE-ECDSA-CHACHA20-POLY1305" -> 0xcca9;
            case "ECDHE-ECDSA-AES128-SHA" -> 0xc009;
            case "ECDHE-ECDSA-AES256-SHA" -> 0xc00a;
            case "ECDHE-RSA-AES128-GCM-SHA256" -> 0xc02f;
            case "ECDHE-RSA-AES256-GCM-SHA384" -> 0xc030;
            case "ECDHE-RSA-CHACHA20-POLY1305" -> 0xcca8;
            case "ECDHE-RSA-AES128-SHA" -> 0xc013;
            case "ECDHE-RSA-AES256-SHA" -> 0xc014;
            case "AES128-GCM-SHA256" -> 0x009c;
            case "AES256-GCM-SHA384" -> 0x009d;
            case "AES128-SHA" -> 0x002f;
            case "AES256-SHA" -> 0x0035;
            default -> 0xffff;
        };
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
