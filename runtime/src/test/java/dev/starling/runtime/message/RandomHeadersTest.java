package dev.starling.runtime.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Headers beside a plain list of names and values, under the same random operations. */
class RandomHeadersTest {

    private static final int ROUNDS = 300;
    private static final int STEPS = 100;

    private static final List<HeaderName> NAMES = List.of(
            HeaderName.HOST,
            HeaderName.VIA,
            HeaderName.of("a"),
            HeaderName.of("b"),
            HeaderName.of("c2"),
            HeaderName.of("ap"),
            HeaderName.X_FORWARDED_FOR);

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private Headers headers = new Headers();
    private List<Map.Entry<String, String>> model = new ArrayList<>();

    RandomHeadersTest() {
        System.out.println("RandomHeadersTest -Dseed=" + seed);
    }

    @Test
    void doAsAListDoes() {
        for (int round = 0; round < ROUNDS; round++) {
            headers = new Headers();
            model = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                change();
                compare();
            }
        }
    }

    private String value() {
        return random.ints(random.nextInt(random.nextInt(10) == 0 ? 400 : 10), ' ', 0x7f)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private void change() {
        HeaderName name = NAMES.get(random.nextInt(NAMES.size()));
        String text = name.toString();
        String value = value();
        long number = random.nextLong(1L << random.nextInt(1, 63));
        switch (random.nextInt(12)) {
            case 0 -> {
                headers.add(name, value);
                model.add(Map.entry(text, value));
            }
            case 1 -> {
                headers.add(text, value);
                model.add(Map.entry(text, value));
            }
            case 2 -> {
                headers.add(name, number);
                model.add(Map.entry(text, Long.toString(number)));
            }
            case 3 -> {
                headers.add(name, value.getBytes(StandardCharsets.ISO_8859_1));
                model.add(Map.entry(text, value));
            }
            case 4 -> {
                headers.set(name, value);
                replace(text, value);
            }
            case 5 -> {
                headers.set(text, value);
                replace(text, value);
            }
            case 6 -> {
                headers.set(name, number);
                replace(text, Long.toString(number));
            }
            case 7 -> {
                headers.set(name, value.getBytes(StandardCharsets.ISO_8859_1));
                replace(text, value);
            }
            case 8 -> assertThat(headers.remove(name)).isEqualTo(remove(text));
            case 9 -> assertThat(headers.remove(text)).isEqualTo(remove(text));
            case 10 -> {
                if (!model.isEmpty()) {
                    int at = random.nextInt(model.size());
                    headers.removeAt(at);
                    model.remove(at);
                }
            }
            default -> {
                Headers old = headers;
                headers = headers.copy();
                old.add("left", "behind");
                old.remove(name);
            }
        }
    }

    private boolean remove(String name) {
        return model.removeIf(field -> field.getKey().equals(name));
    }

    private void replace(String name, String value) {
        remove(name);
        model.add(Map.entry(name, value));
    }

    private void compare() {
        StringBuilder wire = new StringBuilder();
        int bytes = 0;
        for (int i = 0; i < model.size(); i++) {
            String name = model.get(i).getKey();
            String value = model.get(i).getValue();
            assertThat(headers.name(i)).as("name %d, seed %d", i, seed).isEqualTo(name);
            assertThat(headers.value(i)).as("value %d, seed %d", i, seed).isEqualTo(value);
            wire.append(name).append(": ").append(value).append("\r\n");
            bytes += name.length() + value.length();
        }
        assertThat(headers.size()).isEqualTo(model.size());
        assertThat(headers.byteSize()).isEqualTo(bytes);
        byte[] target = new byte[headers.encodedBound()];
        assertThat(new String(target, 0, headers.writeTo(target, 0), StandardCharsets.ISO_8859_1))
                .as("seed %d", seed)
                .isEqualTo(wire.toString());
        for (HeaderName name : NAMES) {
            List<String> values = model.stream()
                    .filter(field -> field.getKey().equals(name.toString()))
                    .map(Map.Entry::getValue)
                    .toList();
            assertThat(headers.get(name)).isEqualTo(values.isEmpty() ? null : values.getFirst());
            assertThat(headers.get(name.toString())).isEqualTo(values.isEmpty() ? null : values.getFirst());
            assertThat(found(name)).isEqualTo(values);
        }
    }

    private List<String> found(HeaderName name) {
        List<String> values = new ArrayList<>();
        for (int i = headers.find(name, 0); i >= 0; i = headers.find(name, i + 1)) {
            assertThat(headers.find(name.toString(), i)).isEqualTo(i);
            values.add(headers.value(i));
        }
        return values;
    }
}
