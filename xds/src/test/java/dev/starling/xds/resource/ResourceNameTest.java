package dev.starling.xds.resource;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceNameTest {

    @ParameterizedTest
    @CsvSource({
        "plain?b=1&a=2,plain?b=1&a=2",
        "xdstp://x/t/id,xdstp://x/t/id",
        "xdstp://x/t/id?b=1&a=2,xdstp://x/t/id?a=2&b=1",
        "xdstp://x/t/id?b=1&a=2#alt=y,xdstp://x/t/id?a=2&b=1",
        "xdstp://x/t/id#alt=y,xdstp://x/t/id"
    })
    void theContextOfAUriIsASetAndItsDirectivesAreNoPartOfIt(String name, String canonical) {
        assertThat(ResourceName.canonical(name)).isEqualTo(canonical);
    }

    @Test
    void aCollectionHasItsContextToo() {
        assertThat(ResourceName.collectionOf("xdstp://x/t/group/a?k=1")).isEqualTo("xdstp://x/t/group/*?k=1");
        assertThat(ResourceName.collectionOf("group/a")).isEqualTo("group/a");
    }
}
