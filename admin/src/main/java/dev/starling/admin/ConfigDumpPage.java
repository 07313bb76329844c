package dev.starling.admin;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.starling.admin.AdminResponse.Body;
import dev.starling.config.matcher.RegexCompiler;
import dev.starling.runtime.stats.render.Re2Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code /config_dump}: the configuration in service, or a part of it, with secrets redacted. */
final class ConfigDumpPage {

    private final ConfigDumps dumps;

    ConfigDumpPage(AdminContext context) {
        this(new ConfigDumps(
                context.bootstrap().message(),
                context.clusters(),
                context.listeners(),
                context.held(),
                context.clock().wall().instant()));
    }

    ConfigDumpPage(ConfigDumps dumps) {
        this.dumps = dumps;
    }

    AdminResponse answer(AdminRequest request) {
        QueryParameters query = request.query();
        Predicate<String> names;
        try {
            names = names(query);
        } catch (PatternSyntaxException e) {
            String regex = text(query, "name_regex");
            return refuse(
                    400,
                    "INVALID_ARGUMENT: Error while parsing name_regex from " + regex + ": "
                            + Re2Problem.text(e, regex));
        }
        Iterator<Message> all = dumps.all(names, query.has("include_eds"));
        String mask = text(query, "mask");
        String resource = text(query, "resource");
        if (!resource.isEmpty()) {
            return elements(all, resource, mask);
        }
        return mask.isEmpty() ? show(all) : masked(all, mask);
    }

    /** What is there without a value counts as not there. */
    private static String text(QueryParameters query, String name) {
        String value = query.get(name);
        return value == null ? "" : value;
    }

    private static Predicate<String> names(QueryParameters query) {
        String regex = text(query, "name_regex");
        if (regex.isEmpty()) {
            return _ -> true;
        }
        Pattern pattern = RegexCompiler.compile(regex);
        return pattern::matches;
    }

    /** The elements of one repeated field, whichever dump has it. */
    private static AdminResponse elements(Iterator<Message> all, String resource, String mask) {
        while (all.hasNext()) {
            Message dump = all.next();
            var field = dump.getDescriptorForType().findFieldByName(resource);
            if (field == null) {
                continue;
            }
            if (!field.isRepeated()) {
                return refuse(
                        400, resource + " is not a repeated field. Use ?mask=" + resource + " to get only this field");
            }
            List<Message> elements = new ArrayList<>();
            for (Object element : (List<?>) dump.getField(field)) {
                Message message = (Message) element;
                if (mask.isEmpty()) {
                    elements.add(message);
                    continue;
                }
                Optional<Message> trimmed = DumpMask.trimResource(paths(mask), message);
                if (trimmed.isEmpty()) {
                    return refuse(400, "FieldMask " + paths(mask) + " could not be successfully used.");
                }
                elements.add(trimmed.get());
            }
            return show(elements.iterator());
        }
        return refuse(404, resource + " not found in config dump");
    }

    /** Each dump that has all of the mask's fields. */
    private static AdminResponse masked(Iterator<Message> all, String mask) {
        List<Message> trimmed = new ArrayList<>();
        all.forEachRemaining(dump -> DumpMask.trim(paths(mask), dump).ifPresent(trimmed::add));
        return trimmed.isEmpty()
                ? refuse(400, "FieldMask " + mask + " could not be successfully applied to any configs.")
                : show(trimmed.iterator());
    }

    private static FieldMask paths(String mask) {
        return FieldMask.newBuilder()
                .addAllPaths(Arrays.stream(mask.split(",", -1))
                        .filter(path -> !path.isEmpty())
                        .toList())
                .build();
    }

    private static AdminResponse show(Iterator<Message> configs) {
        return AdminResponse.pieces(AdminResponse.Type.JSON, new ConfigDumpJson().pieces(configs));
    }

    private static AdminResponse refuse(int status, String text) {
        return new AdminResponse(status, AdminResponse.Type.BARE_TEXT, new Body.Whole(text));
    }
}
