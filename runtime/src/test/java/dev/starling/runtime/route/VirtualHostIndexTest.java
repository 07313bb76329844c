package dev.starling.runtime.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VirtualHostIndexTest {

    /** Few letters, so that names collide, contain one another, and hash alike. */
    private static final String LETTERS = "ab.-";

    @Test
    void findsWhatTryingEveryDomainFinds() {
        long first = Long.getLong("seed", 1);
        for (long seed = first; seed < first + 300; seed++) {
            var random = new SplittableRandom(seed);
            boolean ignorePort = random.nextBoolean();
            Set<String> domains = new TreeSet<>();
            for (int i = random.nextInt(1, 60); i > 0; i--) {
                domains.add(domain(random));
            }
            var index = new VirtualHostIndex<>(List.copyOf(domains), List::of, ignorePort);

            for (int i = 0; i < 300; i++) {
                String authority = authority(random);
                assertThat(index.find(authority))
                        .as("seed %d, %s among %s", seed, authority, domains)
                        .isEqualTo(oracle(domains, authority, ignorePort));
            }
        }
    }

    private static String domain(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> "*";
            case 1, 2, 3 -> "*" + name(random, 6);
            case 4, 5 -> name(random, 6) + "*";
            case 6 -> name(random, 6) + ":8";
            default -> name(random, 6);
        };
    }

    private static String authority(SplittableRandom random) {
        String name = name(random, 9);
        return switch (random.nextInt(6)) {
            case 0 -> name.toUpperCase(Locale.ROOT);
            case 1 -> name + ":8";
            case 2 -> name + ":";
            default -> name;
        };
    }

    private static String name(SplittableRandom random, int longest) {
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(1, longest + 1); i > 0; i--) {
            name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return name.toString();
    }

    private static @Nullable String oracle(Set<String> domains, String authority, boolean ignorePort) {
        int colon = authority.lastIndexOf(':');
        String host = (ignorePort && colon >= 0 ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
        List<Predicate<String>> order = List.of(
                domain -> domain.equals(host),
                domain -> domain.length() > 1
                        && domain.startsWith("*")
                        && host.length() >= domain.length()
                        && host.endsWith(domain.substring(1)),
                domain -> domain.length() > 1
                        && domain.endsWith("*")
                        && host.length() >= domain.length()
                        && host.startsWith(domain.substring(0, domain.length() - 1)),
                domain -> domain.equals("*"));
        for (Predicate<String> kind : order) {
            var found = domains.stream().filter(kind).max(Comparator.comparingInt(String::length));
            if (found.isPresent()) {
                return found.get();
            }
        }
        return null;
    }

    @Test
    void tellsAffixesOfTheSameHashApart() {
        // "Aa" and "BB" have the same hash whichever way it runs, in lower case "b~" and "c_" forwards
        var index = new VirtualHostIndex<>(List.of("c_*", "*~b", "*_c"), List::of, false);

        assertThat(index.find("b~x")).isNull();
        assertThat(index.find("c_x")).isEqualTo("c_*");
        assertThat(index.find("x~b")).isEqualTo("*~b");
        assertThat(index.find("x_c")).isEqualTo("*_c");
    }

    @Test
    void findsAmongManyThousands() {
        List<String> domains = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            domains.add("host" + i + ".example.com");
            domains.add("*.suffix" + i + ".example.com");
            domains.add("prefix" + i + ".*");
        }
        var index = new VirtualHostIndex<>(domains, List::of, false);

        assertThat(index.find("host19999.example.com")).isEqualTo("host19999.example.com");
        assertThat(index.find("a.b.suffix77.example.com")).isEqualTo("*.suffix77.example.com");
        assertThat(index.find("prefix1.org")).isEqualTo("prefix1.*");
        assertThat(index.find("host20000.example.com")).isNull();
    }
}
