package dev.starling.admin;

import java.util.List;

/**
 * Somebody who is not ready yet, and what he waits for, as {@code /init_dump} shows them.
 *
 * @param component by which the page can be cut down: "cluster", "listener"
 */
public record InitManager(String component, String name, List<String> targets) {

    public InitManager {
        targets = List.copyOf(targets);
    }
}
