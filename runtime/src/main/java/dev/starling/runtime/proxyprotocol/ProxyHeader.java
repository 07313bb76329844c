package dev.starling.runtime.proxyprotocol;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a PROXY header says.
 *
 * @param addresses empty where the proxy speaks for itself, or does not know
 */
public record ProxyHeader(Optional<Addresses> addresses, List<Tlv> tlvs) {

    public ProxyHeader {
        tlvs = List.copyOf(tlvs);
    }

    /** Both of one family. */
    public record Addresses(InetSocketAddress source, InetSocketAddress destination) {}

    /** A further field of version 2. Equal if type and bytes are. */
    @SuppressWarnings("ArrayRecordComponent") // equality is written below; the bytes are nobody else's
    public record Tlv(int type, byte[] value) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Tlv(var otherType, var otherValue)
                    && type == otherType
                    && Arrays.equals(value, otherValue);
        }

        @Override
        public int hashCode() {
            return 31 * type + Arrays.hashCode(value);
        }
    }
}
