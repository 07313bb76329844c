package dev.starling.runtime.layered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.FractionalPercent;
import dev.starling.config.RuntimeDouble;
import dev.starling.config.RuntimeFlag;
import dev.starling.config.RuntimeUint32;
import dev.starling.config.bootstrap.RuntimeValue;
import dev.starling.runtime.layered.RuntimeSnapshot.Layer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RuntimeSnapshotTest {

    private static RuntimeSnapshot of(RuntimeValue value) {
        return new RuntimeSnapshot(List.of(new Layer("a", Map.of("k", value))));
    }

    private static RuntimeValue number(double number) {
        return RuntimeValue.number(number, String.valueOf(number));
    }

    @Test
    void ofSeveralLayersTheLastOneCounts() {
        var snapshot = new RuntimeSnapshot(List.of(
                new Layer("a", Map.of("k", number(1), "x", number(5))), new Layer("b", Map.of("k", number(2)))));

        assertThat(snapshot.number(new RuntimeUint32(9, "k"))).isEqualTo(2);
        assertThat(snapshot.number(new RuntimeUint32(9, "x"))).isEqualTo(5);
        assertThat(snapshot.keys()).isEqualTo(2);
    }

    @Test
    void whatIsNotThereOrNoUnsignedNumberLeavesTheDefault() {
        assertThat(of(number(1)).number(new RuntimeUint32(9, "other"))).isEqualTo(9);
        assertThat(of(number(1)).number(new RuntimeUint32(9, ""))).isEqualTo(9);
        assertThat(of(number(-1)).number(new RuntimeUint32(9, "k"))).isEqualTo(9);
        assertThat(of(RuntimeValue.text("low")).number(new RuntimeUint32(9, "k")))
                .isEqualTo(9);
        assertThat(of(RuntimeValue.truth(true, "true")).number(new RuntimeUint32(9, "k")))
                .isEqualTo(9);
        assertThat(of(number(1.9)).number(new RuntimeUint32(9, "k"))).isEqualTo(1);
    }

    @Test
    void aShareIsAFractionOrANumberOfPercent() {
        var half = new FractionalPercent(5_000, 10_000, "k");

        assertThat(RuntimeSnapshot.EMPTY.selects(half, 4_999)).isTrue();
        assertThat(RuntimeSnapshot.EMPTY.selects(half, 5_000)).isFalse();
        assertThat(of(number(20)).selects(half, 119)).isTrue();
        assertThat(of(number(20)).selects(half, 120)).isFalse();
        assertThat(of(number(1_000)).selects(half, 99)).isTrue();
        var share = RuntimeValue.share(Optional.of(new FractionalPercent(3, 1_000_000, "")), "{}");
        assertThat(of(share).selects(half, 1_000_002)).isTrue();
        assertThat(of(share).selects(half, 3)).isFalse();
        assertThat(of(RuntimeValue.text("low")).selects(half, 4_999)).isTrue();
    }

    @Test
    void ofAnAccessLogsShareTheRuntimeHasTheNumerator() {
        var half = new FractionalPercent(5_000, 10_000, "k");

        assertThat(of(number(20)).selectsByNumerator(half, 10_019)).isTrue();
        assertThat(of(number(20)).selectsByNumerator(half, 20)).isFalse();
        assertThat(RuntimeSnapshot.EMPTY.selectsByNumerator(half, 4_999)).isTrue();
        assertThat(RuntimeSnapshot.EMPTY.selectsByNumerator(half, 5_000)).isFalse();
    }

    @Test
    void aNumberMayHaveAPointAndASign() {
        var half = new RuntimeDouble(0.5, "k");

        assertThat(RuntimeSnapshot.EMPTY.number(half)).isEqualTo(0.5);
        assertThat(of(number(-1.25)).number(half)).isEqualTo(-1.25);
        assertThat(of(RuntimeValue.text("low")).number(half)).isEqualTo(0.5);
    }

    @Test
    void aFlagIsWhatTheRuntimeSaysIfThatIsTrueOrFalse() {
        var on = new RuntimeFlag(true, "k");

        assertThat(RuntimeSnapshot.EMPTY.isOn(on)).isTrue();
        assertThat(of(RuntimeValue.truth(false, "false")).isOn(on)).isFalse();
        assertThat(of(number(0)).isOn(on)).isTrue();
        assertThat(of(RuntimeValue.truth(true, "true")).isOn(new RuntimeFlag(false, "k")))
                .isTrue();
        assertThat(of(RuntimeValue.truth(true, "true")).isOn(RuntimeFlag.of(false)))
                .isFalse();
    }
}
