package dev.starling.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which Starling this is. */
public record Version(String number, String revision) {

    /** Of {@code io.envoyproxy.controlplane:api}, whose messages are the configuration model. */
    public static final String ENVOY_API = "1.34";

    /** From the file that the build wrote. */
    public static Version current() {
        var properties = new Properties();
        try (var in = Version.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Version(properties.getProperty("version"), properties.getProperty("revision"));
    }

    /** Five parts between slashes, because tools split Envoy's own {@code version} that way. */
    public String inEnvoysShape() {
        return revision + "/" + number + "/Distribution/RELEASE/JDK";
    }
}
