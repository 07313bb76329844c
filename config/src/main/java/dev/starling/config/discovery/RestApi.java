package dev.starling.config.discovery;

import java.time.Duration;

/**
 * {@code envoy.config.core.v3.ApiConfigSource} of the type {@code REST}, validated.
 *
 * @param cluster whose endpoints are asked
 * @param refreshDelay how long to wait from an answer until it is asked again; at random up to twice as long
 */
public record RestApi(String cluster, Duration refreshDelay, Duration requestTimeout) {}
