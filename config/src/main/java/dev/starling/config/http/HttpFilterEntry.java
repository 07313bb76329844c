package dev.starling.config.http;

import dev.starling.config.Extension;

/**
 * An HTTP filter in its chain.
 *
 * @param disabled no request passes it but those whose route says otherwise; never so of the last one
 */
public record HttpFilterEntry(Extension filter, boolean disabled) {}
