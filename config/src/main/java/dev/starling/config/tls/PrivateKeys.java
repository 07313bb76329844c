package dev.starling.config.tls;

import java.io.ByteArrayOutputStream;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** Reads private keys in the forms that OpenSSL writes: PKCS #8, PKCS #1 and SEC 1, each also encrypted. */
final class PrivateKeys {

    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC_PUBLIC_KEY = HexFormat.of().parseHex("06072a8648ce3d0201");
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    private PrivateKeys() {}

    /** 1.3.6.1.4.1.11591.4.11, encoded. */
    private static final byte[] SCRYPT = {0x06, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01, (byte) 0xda, 0x47, 0x04, 0x0b};

    /** @throws GeneralSecurityException whose message is the reason as BoringSSL words it */
    static PrivateKey read(byte[] text, Optional<char[]> password) throws GeneralSecurityException {
        var blocks = Pem.parse(text).orElseThrow(() -> new GeneralSecurityException(Reason.BAD_END_LINE));
        for (var block : blocks) {
            if (block.label().endsWith("PRIVATE KEY")) {
                return read(block, password);
            }
        }
        throw new GeneralSecurityException(Reason.NO_START_LINE);
    }

    private static PrivateKey read(Pem block, Optional<char[]> password) throws GeneralSecurityException {
        return switch (block.label()) {
            case "PRIVATE KEY" -> pkcs8(block.content());
            case "ENCRYPTED PRIVATE KEY" -> pkcs8(decryptPkcs8(block.content(), require(password)));
            case "RSA PRIVATE KEY" -> pkcs8(sequence(VERSION_0, RSA, octets(plain(block, password))));
            case "EC PRIVATE KEY" -> pkcs8(fromSec1(plain(block, password)));
            default -> throw new GeneralSecurityException(Reason.NO_START_LINE);
        };
    }

    private static char[] require(Optional<char[]> password) throws GeneralSecurityException {
        return password.orElseThrow(() -> new GeneralSecurityException(Reason.BAD_PASSWORD_READ));
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException isAnotherKind) {
                // The factory of its kind takes it.
            }
        }
        throw new GeneralSecurityException(Reason.DECODE_ERROR);
    }

    private static byte[] decryptPkcs8(byte[] der, char[] password) throws GeneralSecurityException {
        if (indexOf(der, SCRYPT) >= 0) {
            throw new GeneralSecurityException(Reason.UNSUPPORTED_KEY_DERIVATION);
        }
        var spec = new PBEKeySpec(password);
        try {
            var encrypted = new EncryptedPrivateKeyInfo(der);
            var parameters = encrypted.getAlgParameters();
            // PBES2 has the names of its parts only in its parameters.
            String algorithm = encrypted.getAlgName().equals("PBES2") ? parameters.toString() : encrypted.getAlgName();
            var key = SecretKeyFactory.getInstance(algorithm).generateSecret(spec);
            var cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, key, parameters);
            return encrypted.getKeySpec(cipher).getEncoded();
        } catch (GeneralSecurityException | java.io.IOException | RuntimeException e) {
            throw new GeneralSecurityException(Reason.BAD_DECRYPT, e);
        } finally {
            spec.clearPassword();
        }
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int at = 0; at + part.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        return -1;
    }

    /** RFC 1423: the first eight bytes of the vector are also the salt of the key. */
    private static byte[] plain(Pem block, Optional<char[]> password) throws GeneralSecurityException {
        var info = block.header("DEK-Info");
        if (info.isEmpty()) {
            return block.content();
        }
        String[] parts = info.get().split(",", 2);
        var secret = require(password);
        try {
            byte[] vector = HexFormat.of().parseHex(parts[1].strip());
            var form = switch (parts[0]) {
                case "AES-128-CBC" -> new OldCipher("AES", 16);
                case "AES-192-CBC" -> new OldCipher("AES", 24);
                case "AES-256-CBC" -> new OldCipher("AES", 32);
                case "DES-EDE3-CBC" -> new OldCipher("DESede", 24);
                default -> throw new GeneralSecurityException(Reason.UNSUPPORTED_ENCRYPTION);
            };
            var cipher = Cipher.getInstance(form.algorithm + "/CBC/PKCS5Padding");
            byte[] key = derive(secret, Arrays.copyOf(vector, 8), form.keyBytes);
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, form.algorithm), new IvParameterSpec(vector));
            return cipher.doFinal(block.content());
        } catch (RuntimeException | GeneralSecurityException e) {
            throw new GeneralSecurityException(Reason.BAD_DECRYPT, e);
        }
    }

    private record OldCipher(String algorithm, int keyBytes) {}

    /** EVP_BytesToKey with MD5 and one round, which is what the format says; the files are old, the choice is not ours. */
    private static byte[] derive(char[] password, byte[] salt, int length) throws GeneralSecurityException {
        var digest = MessageDigest.getInstance("MD5");
        var key = new ByteArrayOutputStream();
        byte[] last = {};
        while (key.size() < length) {
            digest.update(last);
            for (char c : password) {
                digest.update((byte) c);
            }
            digest.update(salt);
            last = digest.digest();
            key.writeBytes(last);
        }
        return Arrays.copyOf(key.toByteArray(), length);
    }

    /** RFC 5915: the curve stands inside, where PKCS #8 has it outside. */
    private static byte[] fromSec1(byte[] der) throws GeneralSecurityException {
        byte[] curve = curveIn(der);
        AlgorithmParameters.getInstance("EC"); // fails early where there are no elliptic curves
        return sequence(VERSION_0, sequence(EC_PUBLIC_KEY, curve), octets(der));
    }

    private static byte[] curveIn(byte[] der) throws GeneralSecurityException {
        try {
            int at = content(der, 0); // into the sequence
            at = end(der, at); // version
            at = end(der, at); // private key
            if (at < der.length && (der[at] & 0xff) == 0xa0) {
                int from = content(der, at);
                return Arrays.copyOfRange(der, from, end(der, from));
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new GeneralSecurityException(Reason.DECODE_ERROR, e);
        }
        throw new GeneralSecurityException(Reason.DECODE_ERROR);
    }

    /** Where the content of the element at this place begins. */
    private static int content(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        return length < 0x80 ? at + 2 : at + 2 + (length & 0x7f);
    }

    private static int end(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        int from = at + 2;
        if (length >= 0x80) {
            int count = length & 0x7f;
            length = 0;
            for (int i = 0; i < count; i++) {
                length = length << 8 | (der[from++] & 0xff);
            }
        }
        return from + length;
    }

    private static byte[] octets(byte[] content) {
        return element(4, content);
    }

    private static byte[] sequence(byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        return element(0x30, content.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        var der = new ByteArrayOutputStream();
        der.write(tag);
        int length = content.length;
        if (length < 0x80) {
            der.write(length);
        } else {
            int bytes = length > 0xffff ? 3 : length > 0xff ? 2 : 1;
            der.write(0x80 | bytes);
            for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
                der.write(length >> shift);
            }
        }
        der.writeBytes(content);
        return der.toByteArray();
    }

    /** BoringSSL's words, which Envoy shows. */
    private static final class Reason {
        static final String NO_START_LINE = "error:0900006e:PEM routines:OPENSSL_internal:NO_START_LINE";
        static final String BAD_END_LINE = "error:09000066:PEM routines:OPENSSL_internal:BAD_END_LINE";
        static final String BAD_PASSWORD_READ = "error:09000068:PEM routines:OPENSSL_internal:BAD_PASSWORD_READ";
        static final String BAD_DECRYPT = "error:1e000065:Cipher functions:OPENSSL_internal:BAD_DECRYPT";
        static final String DECODE_ERROR = "error:06000066:public key routines:OPENSSL_internal:DECODE_ERROR";
        static final String UNSUPPORTED_ENCRYPTION =
                "error:09000072:PEM routines:OPENSSL_internal:UNSUPPORTED_ENCRYPTION";

        static final String UNSUPPORTED_KEY_DERIVATION =
                "error:13000080:PKCS8 routines:OPENSSL_internal:UNSUPPORTED_KEY_DERIVATION_FUNCTION";

        private Reason() {}
    }
}
