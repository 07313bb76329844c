package dev.starling.config.proto.source;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.SourceLocation;
import dev.starling.config.proto.source.SourceNode.Entry;
import dev.starling.config.proto.source.SourceNode.Kind;
import dev.starling.config.proto.source.SourceNode.ListNode;
import dev.starling.config.proto.source.SourceNode.Null;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * HOCON: substitutions look into the file itself, then into the environment handed in. System properties and includes
 * are out of play: a configuration is one text.
 */
final class HoconSource {

    /** Brackets the library can descend into without running out of stack, with room to spare. */
    private static final int SAFE_BRACKETS = 5 * SourceLimits.MAX_DEPTH;

    private final String name;

    private HoconSource(String name) {
        this.name = name;
    }

    static SourceNode parse(String name, String text, Map<String, String> environment) throws InvalidConfigException {
        boundBrackets(name, text);
        var parsing = ConfigParseOptions.defaults()
                .setSyntax(ConfigSyntax.CONF)
                .setOriginDescription(name)
                .setIncluder(new RefusedInclude());
        var resolving = ConfigResolveOptions.defaults()
                .setUseSystemEnvironment(false)
                .appendResolver(new EnvironmentResolver(environment));
        try {
            var root =
                    ConfigFactory.parseString(text, parsing).resolve(resolving).root();
            return new HoconSource(name).node(root, new SourceLocation(name, 1, 0), 1);
        } catch (ConfigException e) {
            throw SourceReader.malformed(location(name, e.origin()), "not HOCON: " + withoutOrigin(e));
        }
    }

    /** The library descends by recursion; what would overflow its stack is refused before. */
    private static void boundBrackets(String name, String text) throws InvalidConfigException {
        int depth = 0;
        int line = 1;
        boolean isQuoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
                isQuoted = false;
            } else if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == '\\' && isQuoted) {
                i++;
            } else if (!isQuoted && (c == '{' || c == '[') && ++depth > SAFE_BRACKETS) {
                throw tooDeep(new SourceLocation(name, line, 0));
            } else if (!isQuoted && (c == '}' || c == ']')) {
                depth--;
            }
        }
    }

    /** @param around where a value stands that came from elsewhere, such as the environment */
    private SourceNode node(ConfigValue value, SourceLocation around, int depth) throws InvalidConfigException {
        if (depth > SourceLimits.MAX_DEPTH) {
            throw tooDeep(around);
        }
        int line = value.origin().lineNumber();
        var at = line > 0 ? new SourceLocation(name, line, 0) : around;
        return switch (value.valueType()) {
            case OBJECT -> object((ConfigObject) value, at, depth);
            case LIST -> list((ConfigList) value, at, depth);
            case NUMBER -> new Scalar(Kind.NUMBER, value.render(ConfigRenderOptions.concise()), at);
            case BOOLEAN -> new Scalar(Kind.BOOLEAN, String.valueOf(value.unwrapped()), at);
            case STRING -> new Scalar(Kind.STRING, (String) value.unwrapped(), at);
            case NULL -> new Null(at);
        };
    }

    private ListNode list(ConfigList list, SourceLocation at, int depth) throws InvalidConfigException {
        var items = new ArrayList<SourceNode>();
        for (var item : list) {
            items.add(node(item, at, depth + 1));
        }
        return new ListNode(items, at);
    }

    /** The library forgets the order of keys; their lines bring most of it back. */
    private ObjectNode object(ConfigObject object, SourceLocation at, int depth) throws InvalidConfigException {
        var byLine = new ArrayList<>(object.entrySet());
        byLine.sort(Comparator.comparingInt((Map.Entry<String, ConfigValue> entry) ->
                        entry.getValue().origin().lineNumber())
                .thenComparing(Map.Entry::getKey));
        var entries = new LinkedHashMap<String, Entry>();
        for (var entry : byLine) {
            var value = node(entry.getValue(), at, depth + 1);
            entries.put(entry.getKey(), new Entry(value, value.location()));
        }
        return new ObjectNode(entries, at);
    }

    private static InvalidConfigException tooDeep(SourceLocation at) {
        return SourceReader.malformed(at, "nested deeper than " + SourceLimits.MAX_DEPTH);
    }

    private static SourceLocation location(String name, ConfigOrigin origin) {
        return new SourceLocation(name, origin == null ? 1 : Math.max(1, origin.lineNumber()), 0);
    }

    /** The library puts {@code name: line:} before its message, and so do we. */
    private static String withoutOrigin(ConfigException e) {
        String message = String.valueOf(e.getMessage());
        if (e.origin() == null) {
            return message;
        }
        String prefix = e.origin().description() + ": ";
        return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    }
}
