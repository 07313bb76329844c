package dev.starling.runtime.tls;

import dev.starling.config.tls.PeerValidation.SanType;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** What logs and headers tell of a certificate. */
public record CertificateFacts(X509Certificate certificate) {

    private static final String PEM_SAFE = "-_.~";

    /** As RFC 2253 has it. */
    public String subject() {
        return DistinguishedNames.text(certificate.getSubjectX500Principal());
    }

    public String issuer() {
        return DistinguishedNames.text(certificate.getIssuerX500Principal());
    }

    /** In lower-case hexadecimal digits, two for each byte. */
    public String serial() {
        return HexFormat.of().formatHex(unsigned(certificate.getSerialNumber().toByteArray()));
    }

    private static byte[] unsigned(byte[] number) {
        return number.length > 1 && number[0] == 0 ? java.util.Arrays.copyOfRange(number, 1, number.length) : number;
    }

    public List<String> uriSans() {
        return SubjectNames.of(certificate, SanType.URI);
    }

    public List<String> dnsSans() {
        return SubjectNames.of(certificate, SanType.DNS);
    }

    public List<String> ipSans() {
        return SubjectNames.of(certificate, SanType.IP_ADDRESS);
    }

    public List<String> emailSans() {
        return SubjectNames.of(certificate, SanType.EMAIL);
    }

    public String sha256() {
        return fingerprint("SHA-256");
    }

    public String sha1() {
        return fingerprint("SHA-1");
    }

    private String fingerprint(String algorithm) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(certificate.getEncoded()));
        } catch (GeneralSecurityException unreadable) {
            return "";
        }
    }

    public Instant validFrom() {
        return certificate.getNotBefore().toInstant();
    }

    public Instant validTo() {
        return certificate.getNotAfter().toInstant();
    }

    /** PEM as it stands in headers: percent-encoded. */
    public String urlEncodedPem() {
        try {
            String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
            return percentEncoded("-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
        } catch (GeneralSecurityException unreadable) {
            return "";
        }
    }

    private static String percentEncoded(String text) {
        StringBuilder encoded = new StringBuilder(text.length() * 5 / 4);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isPlain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || PEM_SAFE.indexOf(c) >= 0;
            if (isPlain) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
            }
        }
        return encoded.toString();
    }
}
