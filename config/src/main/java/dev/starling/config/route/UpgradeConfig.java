package dev.starling.config.route;

/** One {@code upgrade_type}, lower case, and whether it is on. */
public record UpgradeConfig(String type, boolean enabled) {}
