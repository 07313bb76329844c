package dev.starling.config.tls;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * An OCSP response to be stapled (RFC 6960), as far as a server looks into it: that it is one, about which certificate,
 * and how long it holds. Whether it is signed well is for the client to see.
 */
public final class OcspResponse {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);

    private final byte[] der;
    private final String from;
    private final byte[] serial;
    private final Instant nextUpdate;

    private OcspResponse(byte[] der, String from, byte[] serial, Instant nextUpdate) {
        this.der = der;
        this.from = from;
        this.serial = serial;
        this.nextUpdate = nextUpdate;
    }

    static OcspResponse read(DataSource source) throws TlsProblem {
        try {
            return parse(source.read(), source.display());
        } catch (IOException | DateTimeException | IndexOutOfBoundsException e) {
            throw new TlsProblem("ocsp_staple", "Failed to load OCSP staple from " + source.display());
        }
    }

    /** OCSPResponse → responseBytes → BasicOCSPResponse → tbsResponseData → the first of its responses. */
    private static OcspResponse parse(byte[] der, String from) throws TlsProblem {
        var whole = children(der, 0, der.length);
        var outer = children(der, whole.getFirst());
        if (der[outer.getFirst().from] != 0) {
            throw new TlsProblem("ocsp_staple", "OCSP response was unsuccessful");
        }
        var responseBytes = children(der, children(der, outer.get(1)).getFirst());
        var basic = children(der, children(der, responseBytes.get(1)).getFirst());
        var data = children(der, basic.getFirst());
        var responses =
                data.stream().filter(part -> part.tag == 0x30).findFirst().orElseThrow(IndexOutOfBoundsException::new);
        var singles = children(der, responses);
        if (singles.size() != 1) {
            throw new TlsProblem("ocsp_staple", "OCSP Response must be for one certificate only");
        }
        var single = children(der, singles.getFirst());
        var id = children(der, single.getFirst());
        var serial = id.get(3);
        var next = single.stream()
                .filter(part -> part.tag == 0xa0 && part.from > single.get(2).from)
                .findFirst();
        Instant until = next.isPresent() ? time(der, children(der, next.get()).getFirst()) : Instant.MIN;
        return new OcspResponse(der, from, Arrays.copyOfRange(der, serial.from, serial.to), until);
    }

    void checkAbout(X509Certificate certificate) throws TlsProblem {
        if (!Arrays.equals(serial, certificate.getSerialNumber().toByteArray())) {
            throw new TlsProblem("ocsp_staple", "OCSP response does not match its TLS certificate");
        }
    }

    public boolean expired(Instant now) {
        return !now.isBefore(nextUpdate);
    }

    /** When a newer one is needed. */
    public Instant nextUpdate() {
        return nextUpdate;
    }

    public byte[] der() {
        return der.clone();
    }

    @Override
    public String toString() {
        return "OcspResponse[" + from + "]";
    }

    private static Instant time(byte[] der, Part part) {
        String text = new String(der, part.from, part.to - part.from, java.nio.charset.StandardCharsets.US_ASCII);
        return LocalDateTime.parse(text.substring(0, 14), TIME).toInstant(ZoneOffset.UTC);
    }

    private static List<Part> children(byte[] der, Part of) {
        return children(der, of.from, of.to);
    }

    private static List<Part> children(byte[] der, int from, int to) {
        var parts = new ArrayList<Part>();
        int at = from;
        while (at < to) {
            int tag = der[at++] & 0xff;
            int length = der[at++] & 0xff;
            if (length >= 0x80) {
                int count = length & 0x7f;
                length = 0;
                for (int i = 0; i < count; i++) {
                    length = length << 8 | (der[at++] & 0xff);
                }
            }
            if (length < 0 || length > to - at) {
                throw new IndexOutOfBoundsException(length);
            }
            parts.add(new Part(tag, at, at + length));
            at += length;
        }
        return parts;
    }

    private record Part(int tag, int from, int to) {}
}
