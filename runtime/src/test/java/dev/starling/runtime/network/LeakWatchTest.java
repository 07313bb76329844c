package dev.starling.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

class LeakWatchTest {

    @Test
    void findsABufferThatNobodyReleases() {
        try (var watch = LeakWatch.start()) {
            ByteBufAllocator.DEFAULT.directBuffer(64).release();
            assertThat(watch.leaks()).isEmpty();

            ByteBufAllocator.DEFAULT.directBuffer(64).touch(LeakWatch.WITNESS + "of this test");
            assertThat(watch.leaks()).singleElement().asString().contains("of this test");
        }
    }
}
