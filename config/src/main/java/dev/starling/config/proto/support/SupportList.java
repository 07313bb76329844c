package dev.starling.config.proto.support;

import dev.starling.config.proto.support.FieldStatus.Accepted;
import dev.starling.config.proto.support.FieldStatus.Honoured;
import dev.starling.config.proto.support.FieldStatus.Unsupported;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a list of supported fields.
 *
 * <pre>
 * [envoy.config.cluster.v3.Cluster]     the message that what follows is about
 * name                                  honoured
 * type = STATIC STRICT_DNS              honoured with these enum values, refused with others
 * upstream_config: why                  accepted without effect
 * !transport_socket                     not supported, and never skipped
 * [!envoy.config.rbac.v3.]              nothing may be skipped in messages whose name starts so
 * </pre>
 *
 * A field that is not named is refused, or skipped where unsupported fields are. A line that starts with # is a comment.
 */
final class SupportList {

    private final String name;
    private final TreeMap<String, Map<String, FieldStatus>> messages = new TreeMap<>();
    private final List<String> protectivePrefixes = new ArrayList<>();

    private SupportList(String name) {
        this.name = name;
    }

    static FieldSupport parse(String name, String list) {
        var parser = new SupportList(name);
        Map<String, FieldStatus> fields = null;
        int number = 0;
        for (String line : (Iterable<String>) list.lines()::iterator) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            if (text.startsWith("[")) {
                fields = parser.header(text, number);
            } else if (fields == null) {
                throw parser.malformed(number, "a field before any message");
            } else {
                parser.field(text, number, fields);
            }
        }
        return new FieldSupport(parser.messages, parser.protectivePrefixes);
    }

    private Map<String, FieldStatus> header(String text, int number) {
        if (!text.endsWith("]")) {
            throw malformed(number, "`]` is missing");
        }
        String inside = text.substring(1, text.length() - 1).strip();
        if (inside.startsWith("!")) {
            protectivePrefixes.add(inside.substring(1));
            return new LinkedHashMap<>();
        }
        var fields = new LinkedHashMap<String, FieldStatus>();
        if (messages.putIfAbsent(inside, fields) != null) {
            throw malformed(number, inside + " is listed twice");
        }
        return fields;
    }

    private void field(String text, int number, Map<String, FieldStatus> fields) {
        int colon = text.indexOf(':');
        int equals = text.indexOf('=');
        String field;
        FieldStatus status;
        if (text.startsWith("!")) {
            field = text.substring(1).strip();
            status = new Unsupported(true);
        } else if (colon > 0) {
            field = text.substring(0, colon).strip();
            status = new Accepted(text.substring(colon + 1).strip());
        } else if (equals > 0) {
            field = text.substring(0, equals).strip();
            status = new Honoured(Set.of(text.substring(equals + 1).strip().split("\\s+")));
        } else {
            field = text;
            status = new Honoured(Set.of());
        }
        if (!field.matches("[a-z][A-Za-z0-9_]*")) {
            throw malformed(number, "`" + field + "` is not a field name");
        }
        if (fields.putIfAbsent(field, status) != null) {
            throw malformed(number, field + " is listed twice");
        }
    }

    private IllegalStateException malformed(int number, String why) {
        return new IllegalStateException(name + ":" + number + ": " + why);
    }
}
