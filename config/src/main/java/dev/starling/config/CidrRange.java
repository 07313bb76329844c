package dev.starling.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** An IP prefix. Equal prefixes are equal whatever bits stood behind the prefix length. */
public record CidrRange(InetAddress network, int prefixLength) {

    public CidrRange {
        byte[] bytes = network.getAddress();
        if (prefixLength < 0 || prefixLength > bytes.length * 8) {
            throw new IllegalArgumentException("prefix length outside 0 to " + bytes.length * 8 + ": " + prefixLength);
        }
        for (int bit = prefixLength; bit < bytes.length * 8; bit++) {
            bytes[bit >> 3] &= (byte) ~(0x80 >> (bit & 7));
        }
        try {
            network = InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        int whole = prefixLength >> 3;
        for (int i = 0; i < whole; i++) {
            if (ours[i] != theirs[i]) {
                return false;
            }
        }
        int rest = prefixLength & 7;
        return rest == 0 || ((ours[whole] ^ theirs[whole]) & (0xff00 >> rest) & 0xff) == 0;
    }
}
