package dev.starling.runtime.network;

import dev.starling.config.Metadata;
import dev.starling.runtime.proxyprotocol.ProxyHeader;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a client's connection: from its socket at first, and then from what listener filters find. It decides
 * the filter chain, and tells those behind it. Confined to the connection's loop.
 */
public final class ConnectionTraits {

    private final SocketAddress directRemote;
    private SocketAddress local;
    private SocketAddress remote;
    private @Nullable String remoteIp;
    private boolean localRestored;
    private String serverName = "";
    private String transportProtocol = "";
    private List<String> applicationProtocols = List.of();
    private String ja3 = "";
    private String ja4 = "";
    private Metadata metadata = Metadata.NONE;
    private @Nullable ProxyHeader proxyHeader;

    /** Of a connection that nothing has looked into. */
    public ConnectionTraits(SocketAddress local, SocketAddress remote) {
        this.local = local;
        this.remote = remote;
        this.directRemote = remote;
    }

    // ---- addresses ------------------------------------------------------------------------------------------------

    /** Where the client meant to go. */
    public SocketAddress local() {
        return local;
    }

    /** The client, as proxies in front may have told. */
    public SocketAddress remote() {
        return remote;
    }

    /** The peer of the socket. */
    public SocketAddress directRemote() {
        return directRemote;
    }

    /** The connection was redirected, or came through a proxy: this is where it was meant to go. */
    public void restoreLocal(SocketAddress address) {
        local = address;
        localRestored = true;
    }

    /** Whether {@link #local} is not the socket's own address. */
    public boolean localRestored() {
        return localRestored;
    }

    /** Where it was meant to go before it was redirected; null if it was not. */
    public @Nullable InetSocketAddress originalDestination() {
        return localRestored && local instanceof InetSocketAddress ip ? ip : null;
    }

    /** A proxy in front told who the client is. */
    public void restoreRemote(SocketAddress address) {
        remote = address;
        remoteIp = null;
    }

    /** The client's IP address without port, as text; empty where there is none, as of a Unix domain socket. */
    public String remoteIp() {
        String known = remoteIp;
        if (known == null) {
            InetAddress ip = ip(remote);
            known = ip == null ? "" : NetUtil.toAddressString(ip);
            remoteIp = known;
        }
        return known;
    }

    public int localPort() {
        return port(local);
    }

    /** 0 where there is none, as of a Unix domain socket. */
    public static int port(SocketAddress address) {
        return address instanceof InetSocketAddress ip ? ip.getPort() : 0;
    }

    /** Null where there is none, as of a Unix domain socket. */
    public static @Nullable InetAddress ip(SocketAddress address) {
        return address instanceof InetSocketAddress ip ? ip.getAddress() : null;
    }

    // ---- what the first bytes said --------------------------------------------------------------------------------

    /** Lower case; empty if not known. */
    public String serverName() {
        return serverName;
    }

    public void serverName(String name) {
        serverName = name;
    }

    /** {@code tls}, {@code raw_buffer}, or empty if nothing has looked. */
    public String transportProtocol() {
        return transportProtocol;
    }

    public void transportProtocol(String protocol) {
        transportProtocol = protocol;
    }

    /** What the client offers, its favourite first. */
    public List<String> applicationProtocols() {
        return applicationProtocols;
    }

    public void applicationProtocols(List<String> protocols) {
        applicationProtocols = List.copyOf(protocols);
    }

    /** The JA3 fingerprint of the ClientHello; empty if there is none. */
    public String ja3() {
        return ja3;
    }

    /** The JA4 fingerprint of the ClientHello; empty if there is none. */
    public String ja4() {
        return ja4;
    }

    public void fingerprints(String ja3Hash, String ja4Text) {
        ja3 = ja3Hash;
        ja4 = ja4Text;
    }

    /** What a proxy in front said, without what is not to be passed on; null if none did. */
    public @Nullable ProxyHeader proxyHeader() {
        return proxyHeader;
    }

    public void proxyHeader(ProxyHeader header) {
        proxyHeader = header;
    }

    /** What an endpoint may be told of this connection. */
    public ProxyHeader forUpstream() {
        ProxyHeader header = proxyHeader;
        return new ProxyHeader(
                local instanceof InetSocketAddress destination && remote instanceof InetSocketAddress source
                        ? Optional.of(new ProxyHeader.Addresses(source, destination))
                        : Optional.empty(),
                header == null ? List.of() : header.tlvs());
    }

    /** What listener filters found, by namespace. */
    public Metadata metadata() {
        return metadata;
    }

    public void metadata(Metadata found) {
        metadata = found;
    }
}
