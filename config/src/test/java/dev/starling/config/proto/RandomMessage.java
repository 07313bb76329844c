package dev.starling.config.proto;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.List;
import java.util.random.RandomGenerator;

/** Fills messages with values at the edges of what could be there, whatever the rules say of them. */
public final class RandomMessage {

    private static final int MAX_DEPTH = 12;
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "c",
            "*",
            "*.x",
            "x*",
            "127.0.0.1",
            "::1",
            "a.example",
            "/",
            "/a",
            ":path",
            "host",
            "(",
            "a|b",
            "%REQ(X)%",
            "%",
            "%BAD%",
            "envoy.filters.network.echo",
            "GET",
            "\n",
            "é",
            "X-Y");
    private static final int[] INTS = {0, 1, 2, 80, 100, 101, 200, 503, 600, 65_535, 65_536, Integer.MAX_VALUE, -1};
    private static final long[] LONGS = {0, 1, 100, 200, 600, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE};
    private static final double[] DOUBLES = {
        0, 0.5, 1, 100, 100.1, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.MAX_VALUE
    };

    private final RandomGenerator random;
    private final List<Message> extensions;
    private final double density;

    /**
     * @param extensions default instances of what an {@code Any} may hold
     * @param density how likely each field is set, far from the root less and less
     */
    public RandomMessage(RandomGenerator random, List<Message> extensions, double density) {
        this.random = random;
        this.extensions = extensions;
        this.density = density;
    }

    Message like(Message type) {
        return fill(type.newBuilderForType(), 0).build();
    }

    /** The same but for one field, somewhere inside. */
    public Message changed(Message message) {
        var builder = message.toBuilder();
        var inside = builder.getAllFields().keySet().stream()
                .filter(field -> field.getJavaType() == JavaType.MESSAGE && !field.isMapField())
                .toList();
        if (!inside.isEmpty() && random.nextInt(4) > 0) {
            var field = inside.get(random.nextInt(inside.size()));
            if (field.isRepeated()) {
                int place = random.nextInt(builder.getRepeatedFieldCount(field));
                builder.setRepeatedField(field, place, changedInside(builder.getRepeatedField(field, place)));
            } else {
                builder.setField(field, changedInside(builder.getField(field)));
            }
            return builder.build();
        }
        var fields = builder.getDescriptorForType().getFields();
        if (fields.isEmpty()) {
            return message;
        }
        var field = fields.get(random.nextInt(fields.size()));
        if (random.nextInt(3) == 0) {
            builder.clearField(field);
        } else {
            set(builder, field, 0);
        }
        return builder.build();
    }

    private Message changedInside(Object inside) {
        if (inside instanceof Any any) {
            return TypedConfig.unpackPlain(any)
                    .map(content -> Any.pack(changed(content)))
                    .orElse(any);
        }
        return changed((Message) inside);
    }

    private Message.Builder fill(Message.Builder builder, int depth) {
        for (var field : builder.getDescriptorForType().getFields()) {
            if (random.nextDouble() > density / (1 + depth / 4.0) || depth >= MAX_DEPTH) {
                continue;
            }
            set(builder, field, depth);
        }
        return builder;
    }

    private void set(Message.Builder builder, FieldDescriptor field, int depth) {
        if (field.isMapField()) {
            builder.addRepeatedField(field, entry(builder, field, depth));
        } else if (field.isRepeated()) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                builder.addRepeatedField(field, value(builder, field, depth));
            }
        } else {
            builder.setField(field, value(builder, field, depth));
        }
    }

    private Message entry(Message.Builder builder, FieldDescriptor field, int depth) {
        var entry = builder.newBuilderForField(field);
        Descriptor type = field.getMessageType();
        var key = type.findFieldByNumber(1);
        var value = type.findFieldByNumber(2);
        return entry.setField(key, value(entry, key, depth))
                .setField(value, value(entry, value, depth))
                .build();
    }

    private Object value(Message.Builder builder, FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case INT -> INTS[random.nextInt(INTS.length)];
            case LONG -> LONGS[random.nextInt(LONGS.length)];
            case FLOAT -> (float) DOUBLES[random.nextInt(DOUBLES.length)];
            case DOUBLE -> DOUBLES[random.nextInt(DOUBLES.length)];
            case BOOLEAN -> random.nextBoolean();
            case STRING -> TEXTS.get(random.nextInt(TEXTS.size()));
            case BYTE_STRING -> ByteString.copyFromUtf8(TEXTS.get(random.nextInt(TEXTS.size())));
            case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(9));
            case MESSAGE -> message(builder.newBuilderForField(field), depth);
        };
    }

    private Message message(Message.Builder builder, int depth) {
        if (!(builder instanceof Any.Builder)) {
            return fill(builder, depth + 1).build();
        }
        var type = extensions.get(random.nextInt(extensions.size()));
        return Any.pack(fill(type.newBuilderForType(), depth + 1).build());
    }
}
