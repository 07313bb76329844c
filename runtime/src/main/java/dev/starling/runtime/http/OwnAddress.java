package dev.starling.runtime.http;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;

/** The address by which others know this machine: a client on it is passed on under that, as a loopback says nothing. */
final class OwnAddress {

    private static final String LOOPBACK = "127.0.0.1";

    private OwnAddress() {}

    /** The first IPv4 address that is no loopback, if there is one. */
    static String read() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .map(NetUtil::toAddressString)
                    .findFirst()
                    .orElse(LOOPBACK);
        } catch (SocketException notTold) {
            return LOOPBACK;
        }
    }

    static boolean isLoopback(String address) {
        return address.equals(LOOPBACK) || address.equals("::1");
    }
}
