package dev.starling.runtime.tls;

/**
 * How connections to an endpoint are secured.
 *
 * @param serverName to ask for; empty for none
 */
public record EndpointTls(TlsHolder holder, String serverName, TlsStats stats) {}
