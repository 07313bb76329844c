package dev.starling.launcher.demo;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A certificate for localhost that nobody has issued, with a key of its own, both made at start and never kept: X.509 (RFC
 * 5280), written by hand because Java has no public way to make one.
 *
 * @param certificate PEM
 * @param privateKey PEM
 */
record SelfSigned(String certificate, String privateKey) {

    private static final Duration VALIDITY = Duration.ofDays(30);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final byte[] ECDSA_WITH_SHA256 = HexFormat.of().parseHex("300a06082a8648ce3d040302");
    private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");
    private static final byte[] SUBJECT_ALT_NAME = HexFormat.of().parseHex("0603551d11");
    private static final byte[] VERSION_3 = HexFormat.of().parseHex("a003020102");
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int UTF8 = 0x0c;
    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int BITS = 0x03;
    private static final int UTC_TIME = 0x17;
    private static final int EXTENSIONS = 0xa3;
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;

    static SelfSigned make(Instant now) throws GeneralSecurityException {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
        keys.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = keys.generateKeyPair();
        byte[] content = content(pair, now);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(content);
        byte[] signed = element(BITS, new byte[] {0}, signature.sign());
        return new SelfSigned(
                pem("CERTIFICATE", element(SEQUENCE, content, ECDSA_WITH_SHA256, signed)),
                pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    }

    private static byte[] content(KeyPair pair, Instant now) {
        byte[] localhost = "localhost".getBytes(StandardCharsets.US_ASCII);
        byte[] name = element(SEQUENCE, element(SET, element(SEQUENCE, COMMON_NAME, element(UTF8, localhost))));
        byte[] names = element(SEQUENCE, element(DNS_NAME, localhost), element(IP_ADDRESS, LOOPBACK));
        byte[] extension = element(SEQUENCE, SUBJECT_ALT_NAME, element(OCTETS, names));
        return element(
                SEQUENCE,
                VERSION_3,
                element(INTEGER, BigInteger.valueOf(now.toEpochMilli()).toByteArray()),
                ECDSA_WITH_SHA256,
                name,
                element(SEQUENCE, time(now.minus(VALIDITY)), time(now.plus(VALIDITY))),
                name,
                pair.getPublic().getEncoded(),
                element(EXTENSIONS, element(SEQUENCE, extension)));
    }

    private static byte[] time(Instant time) {
        return element(UTC_TIME, TIME.format(time).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] element(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        var der = new ByteArrayOutputStream();
        der.write(tag);
        if (content.size() < 0x80) {
            der.write(content.size());
        } else if (content.size() < 0x100) { // the shortest form, or it is not DER
            der.write(0x81);
            der.write(content.size());
        } else {
            der.write(0x82);
            der.write(content.size() >> 8);
            der.write(content.size());
        }
        der.writeBytes(content.toByteArray());
        return der.toByteArray();
    }

    private static String pem(String label, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "SelfSigned[localhost]";
    }
}
