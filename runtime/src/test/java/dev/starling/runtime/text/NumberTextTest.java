package dev.starling.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumberTextTest {

    @Test
    void printsTheShortestDigits() {
        assertThat(NumberText.shortest(0)).isEqualTo("0");
        assertThat(NumberText.shortest(525)).isEqualTo("525");
        assertThat(NumberText.shortest(115.00000000000001)).isEqualTo("115.00000000000001");
        assertThat(NumberText.shortest(12_345_678_901_234.0)).isEqualTo("12345678901234");
        assertThat(NumberText.shortest(1.5e17)).isEqualTo("1.5e+17");
        assertThat(NumberText.shortest(Double.NaN)).isEqualTo("nan");
    }

    @Test
    void printsTheShorterSpellingInJson() {
        assertThat(NumberText.json(300_000)).isEqualTo("3e+05");
        assertThat(NumberText.json(60_000)).isEqualTo("60000");
        assertThat(NumberText.json(1_800_000)).isEqualTo("1800000");
        assertThat(NumberText.json(0)).isEqualTo("0");
        assertThat(NumberText.json(Double.NaN)).isEqualTo("null");
    }

    @Test
    void printsSixDigitsWhereEnvoyDoes() {
        assertThat(NumberText.general(0.5)).isEqualTo("0.5");
        assertThat(NumberText.general(600_000)).isEqualTo("600000");
        assertThat(NumberText.general(1_800_000)).isEqualTo("1.8e+06");
        assertThat(NumberText.general(110.00000000000001)).isEqualTo("110");
    }

    @Test
    void printsExactSumsForPrometheus() {
        assertThat(NumberText.prometheus(0)).isEqualTo("0");
        assertThat(NumberText.prometheus(1.0476190476190477)).isEqualTo("1.0476190476190476719153821250075");
        assertThat(NumberText.prometheus(3_600_000)).isEqualTo("3600000");
    }
}
