package dev.starling.runtime.http.filter.xdsrelay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.http.XdsRelayReader;
import dev.starling.runtime.control.Configs;
import dev.starling.xds.resource.ResourceTypes;
import java.util.List;
import org.junit.jupiter.api.Test;

class XdsRelayFactoryTest {

    @Test
    void groupsMayBeOfEveryTypeThatIsServed() {
        var types = ResourceTypes.readBy(Configs.loader(), List.of(), UnknownFields.REJECT, _ -> false, _ -> {});

        assertThat(XdsRelayReader.SERVED)
                .doesNotContain(types.secrets().typeUrl())
                .hasSize(types.byTypeUrl().size() - 1)
                .isSubsetOf(types.byTypeUrl().keySet());
    }
}
