package dev.starling.config.proto.encoded;

import com.google.protobuf.Any;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.WireFormat.FieldType;
import dev.starling.config.proto.rules.ValueRule;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is in a field, and how it is looked at. */
sealed interface EncodedContent {

    ExtensionRegistry NO_EXTENSIONS = ExtensionRegistry.getEmptyRegistry();

    /** A message with fields to look at. */
    record Nested(Descriptor type) implements EncodedContent {}

    /** A key and a value of a map. */
    record Entry(EncodedPlan plan) implements EncodedContent {}

    /** Numbers in one piece. */
    record Packed(Single number) implements EncodedContent {}

    /** What says itself whether it is faultless, and reads no more than itself. */
    sealed interface Single extends EncodedContent {
        boolean isFaultless(CodedInputStream in) throws IOException;
    }

    /** A number, text or bytes. */
    record Scalar(FieldType type, @Nullable ValueRule rule) implements Single {

        @Override
        public boolean isFaultless(CodedInputStream in) throws IOException {
            if (rule != null) {
                return rule.violation(read(in)) == null;
            }
            if (type == FieldType.STRING || type == FieldType.BYTES) {
                in.skipRawBytes(in.readRawVarint32());
            } else {
                read(in);
            }
            return true;
        }

        private Object read(CodedInputStream in) throws IOException {
            return switch (type) {
                case DOUBLE -> in.readDouble();
                case FLOAT -> in.readFloat();
                case INT64 -> in.readInt64();
                case UINT64 -> in.readUInt64();
                case INT32 -> in.readInt32();
                case FIXED64 -> in.readFixed64();
                case FIXED32 -> in.readFixed32();
                case BOOL -> in.readBool();
                case STRING -> in.readStringRequireUtf8();
                case BYTES -> in.readBytes();
                case UINT32 -> in.readUInt32();
                case SFIXED32 -> in.readSFixed32();
                case SFIXED64 -> in.readSFixed64();
                case SINT32 -> in.readSInt32();
                case SINT64 -> in.readSInt64();
                case ENUM, GROUP, MESSAGE -> throw new IllegalStateException("no scalar: " + type);
            };
        }
    }

    /** @param numbers those of which there is nothing to say */
    record Choice(Set<Integer> numbers) implements Single {

        public Choice {
            numbers = Set.copyOf(numbers);
        }

        @Override
        public boolean isFaultless(CodedInputStream in) throws IOException {
            return numbers.contains(in.readEnum());
        }
    }

    /** One of Google's messages, such as a duration, that is judged as a whole. */
    record Known(Parser<? extends Message> parser, ValueRule rule) implements Single {

        @Override
        public boolean isFaultless(CodedInputStream in) throws IOException {
            return rule.violation(in.readMessage(parser, NO_EXTENSIONS)) == null;
        }
    }

    /** One of Google's messages of which there is nothing to say. */
    record Opaque() implements Single {

        @Override
        public boolean isFaultless(CodedInputStream in) throws IOException {
            in.skipRawBytes(in.readRawVarint32());
            return true;
        }
    }

    /** An {@code Any}. */
    record Extension(@Nullable ValueRule rule) implements EncodedContent {

        boolean admits(Any any) {
            return rule == null || rule.violation(any) == null;
        }
    }
}
