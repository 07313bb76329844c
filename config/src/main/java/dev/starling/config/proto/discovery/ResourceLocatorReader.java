package dev.starling.config.proto.discovery;

import com.google.protobuf.Descriptors.Descriptor;
import dev.starling.config.discovery.ApiConfigSource.Variant;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.proto.ValidationContext;

/**
 * Reads a locator of resources, {@code xdstp://authority/type/id?context}, and whether its source can have it. As in Envoy
 * what it leads to may be a collection ({@code /*}) or a single resource.
 */
public final class ResourceLocatorReader {

    private static final String SCHEME = "xdstp://";

    private ResourceLocatorReader() {}

    /** Tells problems of what is not empty. */
    public static void check(String locator, Descriptor type, ValidationContext context) {
        if (!locator.startsWith(SCHEME)) {
            context.problem(locator + " does not have a xdstp: scheme and an authority");
            return;
        }
        int directives = locator.indexOf('#');
        String[] path =
                before('?', before('#', locator)).substring(SCHEME.length()).split("/", -1);
        String named = path.length < 2 ? "" : path[1];
        if (named.isEmpty()) {
            context.problem("resource type missing from " + locator);
        } else if (!named.equals(type.getFullName())) {
            context.problem("xdstp:// type does not match " + type.getFullName() + " in " + locator);
        } else if (directives >= 0) {
            context.problem("directives are not supported: " + locator.substring(directives));
        }
    }

    private static String before(char end, String text) {
        int index = text.indexOf(end);
        return index < 0 ? text : text.substring(0, index);
    }

    /** Of an aggregated stream is not known here in which variant it will be. */
    public static void checkSource(ConfigSource source, ValidationContext context) {
        boolean hasIt = source instanceof ConfigSource.Ads
                || (source instanceof ConfigSource.Grpc grpc && grpc.api().variant() == Variant.DELTA);
        if (!hasIt) {
            context.problem("only ads and an api_config_source of DELTA_GRPC can have what a locator leads to");
        }
    }
}
