package dev.starling.admin;

import java.util.List;
import java.util.SortedMap;

/** The process's loggers by Envoy's names, and how much they say. */
public interface LogLevels {

    /** From the most talkative on. */
    List<String> LEVELS = List.of("trace", "debug", "info", "warning", "error", "critical", "off");

    /** One of {@link #LEVELS} by logger. */
    SortedMap<String, String> levels();

    /** @param level one of {@link #LEVELS} */
    void setAll(String level);

    /** @param logger one of those in {@link #levels} */
    void set(String logger, String level);
}
