package dev.starling.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The arrows between the modules, and none in a circle inside one. */
class ModulesTest {

    /** Whom each module may know. The launcher knows all, the benchmarks and tests too. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "config", Set.of(),
            "lb", Set.of("config"),
            "healthcheck", Set.of("config", "lb"),
            "xds", Set.of("config"),
            "clustersharing", Set.of("config", "lb", "healthcheck"),
            "runtime", Set.of("config", "lb", "healthcheck", "xds"),
            "admin", Set.of("config", "lb", "healthcheck", "xds", "runtime"));

    private static final List<String> MODULES =
            List.of("config", "lb", "healthcheck", "xds", "clustersharing", "runtime", "admin", "launcher");

    @ParameterizedTest
    @FieldSource("MODULES")
    void aModuleDependsOnlyAlongTheArrows(String module) {
        var known = ARROWS.getOrDefault(module, Set.copyOf(MODULES));
        String[] others = MODULES.stream()
                .filter(other -> !other.equals(module) && !known.contains(other))
                .map(other -> "dev.starling." + other + "..")
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage("dev.starling." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .allowEmptyShould(true)
                .check(Starling.CLASSES);
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    void thePackagesOfAModuleDependOnEachOtherInNoCircle(String module) {
        slices().matching("dev.starling." + module + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(Starling.CLASSES);
    }
}
