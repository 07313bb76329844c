package dev.starling.config.proto.support;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import dev.starling.config.proto.support.FieldStatus.Honoured;
import dev.starling.config.proto.support.FieldStatus.Unsupported;
import envoy.annotations.Deprecation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What this build does with each field of each message, from the lists beside the code. The same for ever, for any thread. */
public final class FieldSupport {

    /** The version of Envoy whose messages this build knows. */
    public static final String API_VERSION = "1.34";

    private static final String BUILT_IN = "supported-fields.txt";
    private static final FieldStatus UNSUPPORTED = new Unsupported(false);

    private final SortedMap<String, Map<String, FieldStatus>> messages;
    private final List<String> protectivePrefixes;
    /** As far as it was asked for: an assignment of many endpoints asks the same again and again. */
    private final Map<FieldDescriptor, FieldStatus> found = new ConcurrentHashMap<>();

    private final Map<Descriptor, List<FieldDescriptor>> mustSet = new ConcurrentHashMap<>();

    FieldSupport(SortedMap<String, Map<String, FieldStatus>> messages, List<String> protectivePrefixes) {
        this.messages = Collections.unmodifiableSortedMap(new TreeMap<>(messages));
        this.protectivePrefixes = List.copyOf(protectivePrefixes);
    }

    /** The list beside this class. */
    public static FieldSupport builtIn() {
        try (var list = FieldSupport.class.getResourceAsStream(BUILT_IN)) {
            if (list == null) {
                throw new IllegalStateException(BUILT_IN + " is missing from the class path");
            }
            return SupportList.parse(BUILT_IN, new String(list.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(BUILT_IN, e);
        }
    }

    /**
     * Adds the list of an extension module.
     *
     * @throws IllegalStateException if it names a message that is listed already
     */
    public FieldSupport plus(String name, String list) {
        var other = SupportList.parse(name, list);
        var allMessages = new TreeMap<>(messages);
        other.messages.forEach((message, fields) -> {
            if (allMessages.putIfAbsent(message, fields) != null) {
                throw new IllegalStateException(name + ": " + message + " is listed elsewhere");
            }
        });
        var allPrefixes = new ArrayList<>(protectivePrefixes);
        allPrefixes.addAll(other.protectivePrefixes);
        return new FieldSupport(allMessages, allPrefixes);
    }

    /**
     * Whether the message is named in a list at all. The type of an extension that is not must be refused where it is
     * looked up: nothing has been checked inside it.
     */
    public boolean lists(String messageName) {
        return messages.containsKey(messageName);
    }

    public boolean honours(FieldDescriptor field) {
        return status(field) instanceof Honoured;
    }

    public FieldStatus status(FieldDescriptor field) {
        return found.computeIfAbsent(field, this::find);
    }

    private FieldStatus find(FieldDescriptor field) {
        return messages.getOrDefault(field.getContainingType().getFullName(), Map.of())
                .getOrDefault(field.getName(), UNSUPPORTED);
    }

    /** A few enums have a zero value only because they must: the honoured fields of a message that may not have it. */
    public List<FieldDescriptor> mustSet(Descriptor message) {
        return mustSet.computeIfAbsent(
                message,
                type -> type.getFields().stream()
                        .filter(field ->
                                field.getJavaType() == JavaType.ENUM && !field.isRepeated() && !field.hasPresence())
                        .filter(field -> ((EnumValueDescriptor) field.getDefaultValue())
                                .getOptions()
                                .getExtension(Deprecation.disallowedByDefaultEnum))
                        .filter(this::honours)
                        .toList());
    }

    /** Whether nothing in messages of this type may be skipped, as all of it guards something. */
    public boolean isProtective(Descriptor message) {
        String name = message.getFullName();
        return protectivePrefixes.stream().anyMatch(name::startsWith);
    }

    /** Every message that is listed, with what is said of its fields. */
    SortedMap<String, Map<String, FieldStatus>> messages() {
        return messages;
    }
}
