package dev.starling.config.proto.listener;

import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.FilterChainMatch;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.ContentHash;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.tls.TransportSocketReader;
import dev.starling.config.tls.DownstreamSocket;

/** Reads {@code envoy.config.listener.v3.FilterChain}. */
final class FilterChainReader {

    private FilterChainReader() {}

    static FilterChain read(io.envoyproxy.envoy.config.listener.v3.FilterChain message, ValidationContext context) {
        var socket = TransportSocketReader.downstream(
                message.hasTransportSocket(), message.getTransportSocket(), context.field("transport_socket"));
        return new FilterChain(
                message.getName(),
                message.hasFilterChainMatch()
                        ? FilterChainMatchReader.read(
                                message.getFilterChainMatch(), context.field("filter_chain_match"))
                        : FilterChainMatch.ANY,
                NetworkFiltersReader.read(message.getFiltersList(), context),
                socket == null ? DownstreamSocket.Raw.RAW : socket,
                DurationReader.read(
                        message.getTransportSocketConnectTimeout(), context.field("transport_socket_connect_timeout")),
                ContentHash.of(message));
    }
}
