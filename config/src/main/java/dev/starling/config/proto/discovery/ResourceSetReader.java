package dev.starling.config.proto.discovery;

import com.google.protobuf.Descriptors.Descriptor;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.discovery.ResourceSet;
import dev.starling.config.proto.ValidationContext;
import java.util.Optional;

/** Reads where resources of a type are had from, and the locator beside that. */
public final class ResourceSetReader {

    private ResourceSetReader() {}

    /**
     * Empty where the source is absent or wrong.
     *
     * @param type of the resources
     * @param source where it stands
     * @param locator where it stands
     */
    public static Optional<ResourceSet> read(
            boolean present,
            io.envoyproxy.envoy.config.core.v3.ConfigSource message,
            ValidationContext source,
            String locatorText,
            Descriptor type,
            ValidationContext locator) {
        Optional<ConfigSource> read = ConfigSourceReader.readIf(present, message, source);
        if (locatorText.isEmpty()) {
            return read.map(from -> new ResourceSet(from, Optional.empty()));
        }
        ResourceLocatorReader.check(locatorText, type, locator);
        read.ifPresent(from -> ResourceLocatorReader.checkSource(from, source));
        return read.map(from -> new ResourceSet(from, Optional.of(locatorText)));
    }
}
