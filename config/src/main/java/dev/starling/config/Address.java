package dev.starling.config;

/** Where something listens or is reached, as {@code envoy.config.core.v3.Address}. */
public sealed interface Address {

    /** Envoy's spelling: {@code 10.0.0.1:80}, {@code [::1]:80} or the path of the socket. */
    String display();

    /**
     * An IP address or, where the cluster type resolves names, a host name.
     *
     * @param port 0 lets the system choose, for listeners only
     * @param ipv4Compat a listener on {@code ::} takes IPv4 too
     */
    record Socket(String host, int port, boolean ipv4Compat) implements Address {
        public Socket {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("port outside 0 to 65535: " + port);
            }
        }

        public static Socket of(String host, int port) {
            return new Socket(host, port, false);
        }

        @Override
        public String display() {
            return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
        }
    }

    /**
     * A literal IP address on which datagrams are received.
     *
     * @param port 0 lets the system choose
     */
    record Udp(String host, int port) implements Address {
        @Override
        public String display() {
            return Socket.of(host, port).display();
        }
    }

    /** A Unix domain socket; a leading {@code @} means the abstract namespace. */
    record Pipe(String path, int mode) implements Address {
        @Override
        public String display() {
            return path;
        }
    }
}
