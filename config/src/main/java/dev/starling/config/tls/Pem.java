package dev.starling.config.tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Blocks of RFC 7468 text, with what stands around them skipped. */
final class Pem {

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private final String label;
    private final List<String> headers;
    private final byte[] content;

    /** @param headers {@code DEK-Info} and so on, as old keys have them (RFC 1421) */
    private Pem(String label, List<String> headers, byte[] content) {
        this.label = label;
        this.headers = List.copyOf(headers);
        this.content = content;
    }

    /** Such as {@code CERTIFICATE}. */
    String label() {
        return label;
    }

    byte[] content() {
        return content;
    }

    /** Empty if a block is cut off or is no Base64. */
    static Optional<List<Pem>> parse(byte[] text) {
        var blocks = new ArrayList<Pem>();
        String label = null;
        var headers = new ArrayList<String>();
        var base64 = new StringBuilder();
        for (String raw : new String(text, StandardCharsets.ISO_8859_1).split("\\R", -1)) {
            String line = raw.strip();
            if (label == null) {
                if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
                    label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                }
            } else if (line.startsWith(END)) {
                var content = line.equals(END + label + DASHES) ? decode(base64) : Optional.<byte[]>empty();
                if (content.isEmpty()) {
                    return Optional.empty();
                }
                blocks.add(new Pem(label, headers, content.get()));
                label = null;
                headers.clear();
                base64.setLength(0);
            } else if (line.indexOf(':') >= 0) {
                headers.add(line);
            } else {
                base64.append(line);
            }
        }
        return label == null ? Optional.of(blocks) : Optional.empty();
    }

    private static Optional<byte[]> decode(StringBuilder base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64.toString()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    Optional<String> header(String name) {
        return headers.stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    boolean isCertificate() {
        return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE") || label.equals("TRUSTED CERTIFICATE");
    }

    @Override
    public String toString() {
        return "Pem[" + label + "]";
    }
}
