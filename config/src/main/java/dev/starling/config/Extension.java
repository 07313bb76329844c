package dev.starling.config;

/**
 * A configured extension: the free name it was given, and the validated record its factory made.
 *
 * @param name free text for people and logs; never used to find the factory
 * @param typeUrl the type by which the factory was found, without {@code type.googleapis.com/}
 * @param config what the factory's {@code validate} returned
 */
public record Extension(String name, String typeUrl, Record config) {}
