package dev.starling.runtime.control.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.listener.Listener.TrafficDirection;
import org.junit.jupiter.api.Test;

class AcceptStopTest {

    @Test
    void concernsInboundListenersOrAll() {
        assertThat(AcceptStop.NONE.concerns(TrafficDirection.INBOUND)).isFalse();
        assertThat(AcceptStop.INBOUND.concerns(TrafficDirection.INBOUND)).isTrue();
        assertThat(AcceptStop.INBOUND.concerns(TrafficDirection.OUTBOUND)).isFalse();
        assertThat(AcceptStop.INBOUND.concerns(TrafficDirection.UNSPECIFIED)).isFalse();
        assertThat(AcceptStop.ALL.concerns(TrafficDirection.UNSPECIFIED)).isTrue();
    }

    @Test
    void doesNotGoBack() {
        assertThat(AcceptStop.NONE.and(AcceptStop.INBOUND)).isEqualTo(AcceptStop.INBOUND);
        assertThat(AcceptStop.INBOUND.and(AcceptStop.ALL)).isEqualTo(AcceptStop.ALL);
        assertThat(AcceptStop.ALL.and(AcceptStop.INBOUND)).isEqualTo(AcceptStop.ALL);
    }
}
