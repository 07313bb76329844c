package dev.starling.admin;

import dev.starling.config.Address;
import dev.starling.config.proto.print.TreeWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** {@code envoy.config.core.v3.Address} in JSON. */
final class AddressJson {

    private AddressJson() {}

    /** @param text of an address that is none of IP: the path of its socket */
    static void write(SocketAddress address, String text, TreeWriter out) throws IOException {
        if (address instanceof InetSocketAddress ip) {
            String host = text.substring(0, text.lastIndexOf(':'));
            socket(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, ip.getPort(), out);
        } else {
            pipe(text, out);
        }
    }

    static void write(Address address, TreeWriter out) throws IOException {
        switch (address) {
            case Address.Socket socket -> socket(socket.host(), socket.port(), out);
            case Address.Udp udp -> socket(udp.host(), udp.port(), out);
            case Address.Pipe pipe -> pipe(pipe.path(), out);
        }
    }

    private static void socket(String host, int port, TreeWriter out) throws IOException {
        out.beginObject();
        out.name("socket_address");
        out.beginObject();
        out.name("address");
        out.string(host);
        out.name("port_value");
        out.literal(Integer.toString(port));
        out.endObject();
        out.endObject();
    }

    private static void pipe(String path, TreeWriter out) throws IOException {
        out.beginObject();
        out.name("pipe");
        out.beginObject();
        out.name("path");
        out.string(path);
        out.endObject();
        out.endObject();
    }
}
