package dev.starling.xds.resource;

import java.util.Arrays;

/**
 * Names of resources. Most are free text; one that begins with {@code xdstp://} is
 * {@code xdstp://authority/type/id?context#directives}, of which the context is a set and the directives are no part.
 */
public final class ResourceName {

    private static final String SCHEME = "xdstp:";
    private static final String COLLECTION = "/*";

    private ResourceName() {}

    /** Equal for names that mean the same resource. */
    public static String canonical(String name) {
        if (!name.startsWith(SCHEME)) {
            return name;
        }
        int directives = name.indexOf('#');
        String plain = directives < 0 ? name : name.substring(0, directives);
        int context = plain.indexOf('?');
        if (context < 0) {
            return plain;
        }
        String[] parameters = plain.substring(context + 1).split("&", -1);
        Arrays.sort(parameters);
        return plain.substring(0, context + 1) + String.join("&", parameters);
    }

    /** The collection that a resource would be a member of, itself a name. Canonical names only. */
    public static String collectionOf(String name) {
        String path = path(name);
        int slash = path.lastIndexOf('/');
        return name.startsWith(SCHEME) && slash >= 0
                ? path.substring(0, slash) + COLLECTION + name.substring(path.length())
                : name;
    }

    /** Whether it stands for the members of a collection. Canonical names only. */
    public static boolean isCollection(String name) {
        return name.startsWith(SCHEME) && path(name).endsWith(COLLECTION);
    }

    /** Whether what goes by the first name may call itself by the second: only a URI is none that a resource would bear. */
    public static boolean agrees(String name, String own) {
        return name.equals(canonical(own)) || name.startsWith(SCHEME);
    }

    private static String path(String name) {
        int context = name.indexOf('?');
        return context < 0 ? name : name.substring(0, context);
    }
}
