package dev.starling.config.http;

import java.util.List;

/**
 * The filter that serves what control planes have sent.
 *
 * @param groups of clients, of which the first that a client is of decides; if there are none, all are served everything
 */
public record XdsRelay(List<RelayGroup> groups) {
    public XdsRelay {
        groups = List.copyOf(groups);
    }
}
