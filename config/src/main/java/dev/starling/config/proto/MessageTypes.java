package dev.starling.config.proto;

import com.google.protobuf.Internal;
import com.google.protobuf.Message;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the class of a message by its full name. Only what a configuration names is loaded: a registry of all of Envoy's
 * types would cost a second of start-up.
 */
public final class MessageTypes {

    private static final Map<String, String> JAVA_PACKAGES = Map.of(
            "envoy.", "io.envoyproxy.envoy.",
            "udpa.", "com.github.udpa.udpa.",
            "xds.", "com.github.xds.",
            "google.", "com.google.",
            "opentelemetry.", "io.opentelemetry.",
            "cel.expr.", "dev.cel.expr.");

    /** What was found before; no more than there are classes of messages. */
    private static final Map<String, Message> FOUND = new ConcurrentHashMap<>();

    private MessageTypes() {}

    /** The default instance, or empty if this build does not know the type. */
    public static Optional<Message> find(String fullName) {
        var before = FOUND.get(fullName);
        if (before != null) {
            return Optional.of(before);
        }
        var found = load(fullName);
        found.ifPresent(type -> FOUND.put(fullName, type));
        return found;
    }

    private static Optional<Message> load(String fullName) {
        return JAVA_PACKAGES.entrySet().stream()
                .filter(prefix -> fullName.startsWith(prefix.getKey()))
                .findFirst()
                .flatMap(prefix -> load(
                        prefix.getValue() + fullName.substring(prefix.getKey().length()), fullName));
    }

    /** A message inside a message is a nested class, so dots become dollars from the right until one fits. */
    private static Optional<Message> load(String className, String fullName) {
        String name = className;
        while (true) {
            var found = loadExactly(name, fullName);
            int dot = name.lastIndexOf('.');
            if (found.isPresent() || dot < 0 || !startsUpperCase(name, name.lastIndexOf('.', dot - 1) + 1)) {
                return found;
            }
            name = name.substring(0, dot) + "$" + name.substring(dot + 1);
        }
    }

    private static boolean startsUpperCase(String name, int at) {
        return Character.isUpperCase(name.charAt(at));
    }

    private static Optional<Message> loadExactly(String className, String fullName) {
        try {
            var found = Class.forName(className, false, MessageTypes.class.getClassLoader());
            // Generated messages are final; their common parents are not.
            if (!Message.class.isAssignableFrom(found) || !Modifier.isFinal(found.getModifiers())) {
                return Optional.empty();
            }
            var instance = Internal.getDefaultInstance(found.asSubclass(Message.class));
            return instance.getDescriptorForType().getFullName().equals(fullName)
                    ? Optional.of(instance)
                    : Optional.empty();
        } catch (ClassNotFoundException | LinkageError e) {
            // A name of the wrong case is a LinkageError where file names ignore case.
            return Optional.empty();
        }
    }
}
