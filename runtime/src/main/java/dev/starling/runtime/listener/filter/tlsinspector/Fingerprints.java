package dev.starling.runtime.listener.filter.tlsinspector;

import dev.starling.runtime.tls.hello.ClientHello;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What tells TLS clients apart by how they say hello: JA3 (Althouse, Atkinson and Atkins, 2017) and JA4 (FoxIO, 2023).
 */
final class Fingerprints {

    private static final int SERVER_NAME = 0;
    private static final int APPLICATION_LAYER_PROTOCOLS = 16;
    private static final int JA4_HASH_CHARS = 12;
    private static final String JA4_NO_HASH = "000000000000";

    private Fingerprints() {}

    /** The text of which {@link #ja3} is the hash. */
    static String ja3Text(ClientHello hello) {
        return hello.version()
                + ","
                + decimals(hello.cipherSuites())
                + ","
                + decimals(hello.extensions())
                + ","
                + decimals(hello.groups())
                + ","
                + decimals(hello.pointFormats());
    }

    static String ja3(ClientHello hello) {
        return hash("MD5", ja3Text(hello));
    }

    static String ja4(ClientHello hello) {
        List<Integer> suites = real(hello.cipherSuites()).boxed().toList();
        List<Integer> extensions = real(hello.extensions()).boxed().toList();
        String ciphers = joined(suites.stream().mapToInt(i -> i).sorted(), Fingerprints::hex4);
        String types = joined(
                extensions.stream()
                        .mapToInt(i -> i)
                        .filter(type -> type != SERVER_NAME && type != APPLICATION_LAYER_PROTOCOLS)
                        .sorted(),
                Fingerprints::hex4);
        String algorithms = joined(real(hello.signatureAlgorithms()), Fingerprints::hex4);
        return "t" + version(hello)
                + (hello.extensions().contains(SERVER_NAME) ? "d" : "i")
                + count(suites)
                + count(extensions)
                + firstAndLast(hello.applicationProtocols())
                + "_"
                + (ciphers.isEmpty() ? JA4_NO_HASH : hash("SHA-256", ciphers).substring(0, JA4_HASH_CHARS))
                + "_"
                + (types.isEmpty()
                        ? JA4_NO_HASH
                        : hash("SHA-256", algorithms.isEmpty() ? types : types + "_" + algorithms)
                                .substring(0, JA4_HASH_CHARS));
    }

    private static String version(ClientHello hello) {
        int version = real(hello.supportedVersions()).max().orElse(hello.version());
        return switch (version) {
            case 0x0304 -> "13";
            case 0x0303 -> "12";
            case 0x0302 -> "11";
            case 0x0301 -> "10";
            case 0x0300 -> "s3";
            case 0x0002 -> "s2";
            default -> "00";
        };
    }

    private static String count(List<Integer> values) {
        int number = Math.min(values.size(), 99);
        return (number < 10 ? "0" : "") + number;
    }

    /** Of the favourite protocol; in hex where that is no letter or digit. */
    private static String firstAndLast(List<String> protocols) {
        if (protocols.isEmpty()) {
            return "00";
        }
        String name = protocols.getFirst();
        char first = name.charAt(0);
        char last = name.charAt(name.length() - 1);
        if (isAlphanumeric(first) && isAlphanumeric(last)) {
            return "" + first + last;
        }
        HexFormat hex = HexFormat.of();
        return "" + hex.toHighHexDigit(first) + hex.toLowHexDigit(last);
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static String decimals(List<Integer> values) {
        return real(values).mapToObj(Integer::toString).collect(Collectors.joining("-"));
    }

    private static String joined(IntStream values, IntFunction<String> form) {
        return values.mapToObj(form).collect(Collectors.joining(","));
    }

    private static String hex4(int value) {
        return HexFormat.of().toHexDigits((short) value);
    }

    private static IntStream real(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).filter(value -> !ClientHello.isGrease(value));
    }

    private static String hash(String algorithm, String text) {
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
