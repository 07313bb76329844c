package dev.starling.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.MessageTypes;
import dev.starling.config.proto.support.FieldSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BuiltInExtensionsTest {

    /** The check of supported fields enters only listed types: one that is not would have its fields skipped unseen. */
    @ParameterizedTest
    @EnumSource
    void haveTheirFieldsOnTheListOfSupportedOnes(ExtensionCategory category) {
        var registry =
                BuiltInExtensions.register(new ExtensionRegistry.Builder()).build();

        // What has no message of its own is configured by a struct, whose fields its factory checks.
        assertThat(registry.factories(category).keySet().stream()
                        .filter(type -> MessageTypes.find(type).isPresent()))
                .allMatch(type -> FieldSupport.builtIn().lists(type));
    }
}
