package dev.starling.xds.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.starling.xds.resource.HeldResources.RefusedResource;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldResourcesTest {

    private static final String TYPE = "type";

    private final HeldResources held = new HeldResources();
    private final HeldResources.Section one = held.section();
    private final HeldResources.Section other = held.section();

    private static Held<?> resource(String name, String version) {
        return new Held<>(name, version, List.of(), Any.getDefaultInstance(), name, 0, Instant.EPOCH, false);
    }

    @Test
    void sourcesDoNotTakeEachOthersResources() {
        one.put(TYPE, resource("b", "1"));
        other.put(TYPE, resource("b", "2"));
        other.put(TYPE, resource("a", "2"));
        assertThat(held.held(TYPE)).extracting(Held::name).containsExactly("a", "b", "b");

        other.remove(TYPE, "b");

        assertThat(held.held(TYPE)).extracting(Held::version).containsExactly("2", "1");
        assertThat(held.held(TYPE, "b")).map(Held::version).contains("1");
    }

    @Test
    void whatIsAcceptedIsNoLongerRefused() {
        one.refuse(TYPE, new RefusedResource("a", "1", "bad", Instant.EPOCH));
        other.refuse(TYPE, new RefusedResource("b", "1", "worse", Instant.EPOCH));
        assertThat(held.refused(TYPE)).extracting(RefusedResource::name).containsExactly("a", "b");
        assertThat(one.refusals(TYPE)).containsExactly("a: bad");

        one.put(TYPE, resource("a", "2"));

        assertThat(one.refusals(TYPE)).isEmpty();
        assertThat(held.refused(TYPE)).extracting(RefusedResource::name).containsExactly("b");
    }

    @Test
    void aSourceThatEndsTakesItsOwnAlong() {
        one.version(TYPE, "1");
        one.put(TYPE, resource("a", "1"));
        other.version(TYPE, "2");
        assertThat(held.version(TYPE)).isEqualTo("1");

        one.end();

        assertThat(held.held(TYPE)).isEmpty();
        assertThat(held.version(TYPE)).isEqualTo("2");
    }
}
