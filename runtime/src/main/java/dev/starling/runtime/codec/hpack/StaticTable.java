package dev.starling.runtime.codec.hpack;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The fields that both sides know from the start (RFC 7541 appendix A). */
final class StaticTable {

    private static final List<HpackField> FIELDS = Stream.of(
                    ":authority",
                    ":method: GET",
                    ":method: POST",
                    ":path: /",
                    ":path: /index.html",
                    ":scheme: http",
                    ":scheme: https",
                    ":status: 200",
                    ":status: 204",
                    ":status: 206",
                    ":status: 304",
                    ":status: 400",
                    ":status: 404",
                    ":status: 500",
                    "accept-charset",
                    "accept-encoding: gzip, deflate",
                    "accept-language",
                    "accept-ranges",
                    "accept",
                    "access-control-allow-origin",
                    "age",
                    "allow",
                    "authorization",
                    "cache-control",
                    "content-disposition",
                    "content-encoding",
                    "content-language",
                    "content-length",
                    "content-location",
                    "content-range",
                    "content-type",
                    "cookie",
                    "date",
                    "etag",
                    "expect",
                    "expires",
                    "from",
                    "host",
                    "if-match",
                    "if-modified-since",
                    "if-none-match",
                    "if-range",
                    "if-unmodified-since",
                    "last-modified",
                    "link",
                    "location",
                    "max-forwards",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "range",
                    "referer",
                    "refresh",
                    "retry-after",
                    "server",
                    "set-cookie",
                    "strict-transport-security",
                    "transfer-encoding",
                    "user-agent",
                    "vary",
                    "via",
                    "www-authenticate")
            .map(StaticTable::field)
            .toList();

    private static final int SLOTS = 256;

    /** The first field of each name, by the hash of the name, with open addressing. */
    private static final byte[] BY_NAME = new byte[SLOTS];

    static {
        for (int i = FIELDS.size(); i >= 1; i--) {
            int slot = slot(field(i).nameHash());
            while (BY_NAME[slot] != 0 && field(BY_NAME[slot]).nameHash() != field(i).nameHash()) {
                slot = slot + 1 & SLOTS - 1;
            }
            BY_NAME[slot] = (byte) i;
        }
    }

    private StaticTable() {}

    private static int slot(int hash) {
        return (hash ^ hash >>> 16) & SLOTS - 1;
    }

    /** The index of the first field of this name, or 0. */
    static int named(byte[] bytes, int hash, int start, int length) {
        for (int slot = slot(hash); BY_NAME[slot] != 0; slot = slot + 1 & SLOTS - 1) {
            HpackField field = field(BY_NAME[slot]);
            if (field.nameHash() == hash
                    && Arrays.equals(field.bytes(), 0, field.nameLength(), bytes, start, start + length)) {
                return BY_NAME[slot];
            }
        }
        return 0;
    }

    private static HpackField field(String line) {
        int separator = line.indexOf(": ");
        return separator < 0
                ? HpackField.of(line, "")
                : HpackField.of(line.substring(0, separator), line.substring(separator + 2));
    }

    static int size() {
        return FIELDS.size();
    }

    /** @param index from 1 */
    static HpackField field(int index) {
        return FIELDS.get(index - 1);
    }
}
