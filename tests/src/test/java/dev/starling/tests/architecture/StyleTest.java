package dev.starling.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The habits of the house that a machine can check. */
class StyleTest {

    private static final DescribedPredicate<JavaClass> ORDINARY_CLASS = DescribedPredicate.describe(
            "are ordinary classes",
            tested -> !tested.isInterface()
                    && !tested.isEnum()
                    && !tested.isRecord()
                    && !tested.isAnonymousClass()
                    && !tested.getModifiers().contains(JavaModifier.ABSTRACT)
                    && !tested.getModifiers().contains(JavaModifier.SYNTHETIC)
                    && tested.getSubclasses().isEmpty());

    @Test
    void classesAreFinal() {
        classes().that(ORDINARY_CLASS).should().haveModifier(JavaModifier.FINAL).check(Starling.CLASSES);
    }

    @Test
    void namesSayWhatDiffers() {
        noClasses()
                .should()
                .haveNameMatching(".*[.$](Abstract|Default|Base)[A-Z]\\w*")
                .orShould()
                .haveNameMatching(".*(Impl|Utils?|Helper)")
                .check(Starling.CLASSES);
    }

    @Test
    void nullsAreCheckedInEveryPackage() {
        var packages = Starling.CLASSES.stream()
                .map(JavaClass::getPackage)
                .filter(each -> each.getName().startsWith("dev.starling"))
                .distinct()
                .toList();

        assertThat(packages)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.isAnnotatedWith(NullMarked.class))
                        .as("%s is @NullMarked", each.getName())
                        .isTrue());
    }
}
