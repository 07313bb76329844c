package dev.starling.runtime.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Reads {@code x-forwarded-for}. What is not an IP address in it tells nothing. */
final class ForwardedFor {

    private ForwardedFor() {}

    /** The n-th address from the right of the list, from 1, in its canonical form; null if there is none. */
    static @Nullable String fromRight(@Nullable String list, int n) {
        if (list == null) {
            return null;
        }
        int end = list.length();
        for (int i = 1; ; i++) {
            int comma = list.lastIndexOf(',', end - 1);
            if (i == n) {
                return address(list.substring(comma + 1, end).strip());
            }
            if (comma < 0) {
                return null;
            }
            end = comma;
        }
    }

    private static @Nullable String address(String text) {
        if (NetUtil.isValidIpV4Address(text)) {
            return text;
        }
        if (text.startsWith("[") || text.indexOf('%') >= 0 || !NetUtil.isValidIpV6Address(text)) {
            return null;
        }
        try {
            return NetUtil.toAddressString(InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(text)));
        } catch (UnknownHostException wrongLength) {
            return null;
        }
    }
}
