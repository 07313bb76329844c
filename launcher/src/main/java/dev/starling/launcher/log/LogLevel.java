package dev.starling.launcher.log;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Envoy's log levels, from the most talkative on. */
public enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARNING,
    ERROR,
    CRITICAL,
    OFF;

    /** As Envoy writes and reads it. */
    public String envoyName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By Envoy's name; {@code warn} is a second name of {@code warning}. */
    public static Optional<LogLevel> named(String name) {
        String full = name.equals("warn") ? "warning" : name;
        return Arrays.stream(values())
                .filter(level -> level.envoyName().equals(full))
                .findFirst();
    }
}
