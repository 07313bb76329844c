package dev.starling.runtime;

import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;

/** The address by which this machine calls itself: the first of IPv4 that is not the loopback's, as in Envoy. */
final class HostAddress {

    private static final String LOOPBACK = "127.0.0.1";

    private HostAddress() {}

    static String read() {
        try {
            return NetworkInterface.networkInterfaces()
                    .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .findFirst()
                    .map(address -> String.valueOf(address.getHostAddress()))
                    .orElse(LOOPBACK);
        } catch (SocketException none) {
            return LOOPBACK;
        }
    }
}
