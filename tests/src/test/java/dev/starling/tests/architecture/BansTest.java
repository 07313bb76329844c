package dev.starling.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import dev.starling.config.proto.ExtensionFactory;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import scala.concurrent.Await;

/** What production code does not do, and the one place, if any, that may. */
class BansTest {

    private static final String TIME_AND_CHANCE = "dev.starling.runtime.time..";

    private static final DescribedPredicate<JavaAccess<?>> WITHOUT_SEED = DescribedPredicate.describe(
            "without a seed",
            access -> access.getTarget() instanceof CodeUnitAccessTarget code
                    && code.getRawParameterTypes().isEmpty());

    @Test
    void onlyOnePackageReadsClocks() {
        bans(
                calls("nanoTime|currentTimeMillis", System.class)
                        .or(calls("now", Instant.class, LocalDate.class, LocalDateTime.class))
                        .or(calls("now", OffsetDateTime.class, ZonedDateTime.class))
                        .or(calls("system.*", Clock.class, InstantSource.class)),
                TIME_AND_CHANCE);
    }

    @Test
    void onlyOnePackageDrawsLots() {
        bans(
                calls("current", ThreadLocalRandom.class)
                        .or(calls("random", Math.class, StrictMath.class))
                        .or(calls("randomUUID", UUID.class))
                        .or(calls("getDefault|of", RandomGenerator.class))
                        .or(calls(".*", RandomGeneratorFactory.class))
                        .or(calls("<init>", Random.class, SplittableRandom.class)
                                .and(WITHOUT_SEED)),
                TIME_AND_CHANCE);
    }

    @Test
    void nothingSleeps() {
        bans(calls("sleep", Thread.class).or(calls("sleep", TimeUnit.class)));
    }

    @Test
    void onlyTheLauncherEndsTheProcessAndWritesToItsStreams() {
        bans(
                calls("exit|halt", System.class, Runtime.class).or(calls("out|err", System.class)),
                "dev.starling.launcher..",
                "dev.starling.bench..");
    }

    /** What prints {@code /config_dump}. */
    private static final String CONFIG_DUMP = "dev\\.starling\\.admin\\.(ConfigDump|DumpMask|LoadAssignments).*";

    /** And with xDS, which is a protocol made of it. */
    @Test
    void protobufStaysWithTheConfigurationModel() {
        noClasses()
                .that(not(resideInAnyPackage("dev.starling.config.proto..", "dev.starling.xds.."))
                        .and(not(nameMatching(CONFIG_DUMP)))
                        .and(not(partOf(ExtensionFactory.class))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.google.protobuf..", "io.envoyproxy..")
                .check(Starling.CLASSES);
    }

    @Test
    void theModelKnowsNeitherActorsNorSockets() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.starling.config..", "dev.starling.lb..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.pekko..", "io.netty..")
                .check(Starling.CLASSES);
    }

    @Test
    void regularExpressionsOfTheConfigurationRunInLinearTime() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.starling.config..", "dev.starling.lb..", "dev.starling.xds..", "dev.starling.runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.regex..")
                .check(Starling.CLASSES);
    }

    @Test
    void messagesToActorsCarryNoBuffers() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.starling.runtime.control..", "dev.starling.healthcheck..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.buffer..")
                .allowEmptyShould(true)
                .check(Starling.CLASSES);
    }

    @Test
    void onlyTheLauncherWaits() {
        bans(
                calls("ready|result", Await.class).or(calls("join|get", CompletableFuture.class)),
                "dev.starling.launcher..");
    }

    private static void bans(DescribedPredicate<JavaAccess<?>> accesses, String... allowed) {
        noClasses()
                .that(not(resideInAnyPackage(allowed)))
                .should(ArchConditions.accessTargetWhere(accesses))
                .check(Starling.CLASSES);
    }

    /** Calls, references and field reads of members with such a name, of these classes themselves. */
    private static DescribedPredicate<JavaAccess<?>> calls(String members, Class<?>... owners) {
        var names = Arrays.stream(owners).map(Class::getName).toList();
        var oneOfThem = DescribedPredicate.<JavaClass>describe(
                "is one of " + names, type -> names.contains(type.getFullName()));
        return target(owner(oneOfThem)).and(target(nameMatching(members))).forSubtype();
    }

    /** The type, or a class inside one of its kind. */
    private static DescribedPredicate<JavaClass> partOf(Class<?> type) {
        return DescribedPredicate.describe("are part of a " + type.getSimpleName(), tested -> {
            for (JavaClass at = tested; at != null; at = at.getEnclosingClass().orElse(null)) {
                if (assignableTo(type).test(at)) {
                    return true;
                }
            }
            return false;
        });
    }
}
