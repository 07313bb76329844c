package dev.starling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class QueryParametersTest {

    @Test
    void decodesEscapesAndNothingElse() {
        assertThat(QueryParameters.parse("a=1%2B1+1&b&c=%zz%4&%64=%C3%A9&a=2").all())
                .containsExactly(
                        Map.entry("a", "1+1+1"), Map.entry("b", ""), Map.entry("c", "%zz%4"), Map.entry("d", "é"));
    }

    @Test
    void isEmptyWhereNothingIsNamed() {
        assertThat(QueryParameters.parse("&=x&").all()).isEmpty();
    }
}
