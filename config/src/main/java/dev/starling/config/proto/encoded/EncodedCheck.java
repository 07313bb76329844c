package dev.starling.config.proto.encoded;

import com.google.protobuf.Any;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import dev.starling.config.proto.EncodedMessage;
import dev.starling.config.proto.MessageTypes;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.encoded.EncodedContent.Entry;
import dev.starling.config.proto.encoded.EncodedContent.Extension;
import dev.starling.config.proto.encoded.EncodedContent.Nested;
import dev.starling.config.proto.encoded.EncodedContent.Packed;
import dev.starling.config.proto.encoded.EncodedContent.Single;
import dev.starling.config.proto.rules.RulesValidator;
import dev.starling.config.proto.support.FieldSupport;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Walks the bytes of a message with one plan for each type, without reflection, and says yes where rules and supported fields
 * have nothing to say of it, as is so of nearly all. Whatever is not beyond doubt is left to {@code RulesValidator} and
 * {@code SupportCheck}, which know what is wrong, and where: fields that are unknown, not supported or deprecated, and those that
 * are there twice. For any thread.
 */
public final class EncodedCheck {

    /** Deeper ones are left in doubt; {@code FieldPath.MAX_DEPTH} is beyond that. */
    private static final int MAX_DEPTH = 60;

    private static final int[] NO_COUNTS = {};

    private final RulesValidator rules;
    private final FieldSupport support;
    /** As many as there are types on the class path. */
    private final Map<Descriptor, EncodedPlan> plans = new ConcurrentHashMap<>();

    public EncodedCheck(RulesValidator rules, FieldSupport support) {
        this.rules = rules;
        this.support = support;
    }

    /** Whether rules and supported fields have nothing to say of it, not even a warning; false where that is not sure. */
    public boolean isFaultless(EncodedMessage<?> encoded) {
        try {
            return message(encoded, 0);
        } catch (IOException malformed) {
            return false;
        }
    }

    private boolean message(EncodedMessage<?> encoded, int depth) throws IOException {
        var in = encoded.bytes().newCodedInput();
        in.enableAliasing(true); // extensions inside need no copy
        return fields(plan(encoded.message().getDescriptorForType()), in, depth);
    }

    private EncodedPlan plan(Descriptor type) {
        var plan = plans.get(type); // not computeIfAbsent, as in RulesValidator
        if (plan == null) {
            plan = new EncodedPlanner(type, rules.plan(type), support).plan();
            plans.put(type, plan);
        }
        return plan;
    }

    private boolean fields(EncodedPlan plan, CodedInputStream in, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            return false;
        }
        int[] counts = plan.counted() == 0 ? NO_COUNTS : new int[plan.counted()];
        long seen = 0;
        while (!in.isAtEnd()) {
            var field = plan.field(in.readTag());
            if (field == null || !field.mayFollow(seen) || !content(field.content(), in, depth)) {
                return false;
            }
            seen |= field.bit();
            if (field.bound() != null) {
                counts[field.bound().place()]++;
            }
        }
        return plan.isComplete(seen, counts);
    }

    private boolean content(EncodedContent content, CodedInputStream in, int depth) throws IOException {
        return switch (content) {
            case Single single -> single.isFaultless(in);
            case Packed(var number) -> packed(number, in);
            case Nested(var type) -> inside(plan(type), in, depth);
            case Entry(var plan) -> inside(plan, in, depth);
            case Extension extension -> extension(extension, in, depth);
        };
    }

    private static boolean packed(Single number, CodedInputStream in) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        boolean faultless = !in.isAtEnd(); // without elements it is there and is not
        while (faultless && !in.isAtEnd()) {
            faultless = number.isFaultless(in);
        }
        in.popLimit(outer);
        return faultless;
    }

    private boolean inside(EncodedPlan plan, CodedInputStream in, int depth) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        boolean faultless = fields(plan, in, depth + 1);
        in.popLimit(outer);
        return faultless;
    }

    private boolean extension(Extension extension, CodedInputStream in, int depth) throws IOException {
        Any any = in.readMessage(Any.parser(), EncodedContent.NO_EXTENSIONS);
        String name = TypedConfig.nameIn(any.getTypeUrl());
        // What a struct wraps is not encoded as what it is, were that listed.
        if (!extension.admits(any) || !support.lists(name) || TypedConfig.isTypedStruct(name)) {
            return false;
        }
        var type = MessageTypes.find(name);
        // Parsed, as nobody has done so yet: texts that are skipped here may not be texts.
        return type.isPresent() && message(EncodedMessage.parse(type.get(), any.getValue()), depth + 1);
    }
}
