package dev.starling.runtime.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventQueueTest {

    private final EventQueue queue = new EventQueue();

    @Test
    void doesAsADequeDoes() {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("EventQueueTest -Dseed=" + seed);
        Random random = new Random(seed);
        ArrayDeque<StreamEvent> model = new ArrayDeque<>();
        for (int step = 0; step < 10_000; step++) {
            if (random.nextInt(1000) >= 480 + (step / 1000 % 2) * 40) {
                StreamEvent event = new StreamEvent.Reset(StreamReset.OVERFLOW, "at " + step);
                queue.add(event);
                model.add(event);
            } else {
                assertThat(queue.poll()).as("seed %d", seed).isSameAs(model.poll());
            }
            assertThat(queue.isEmpty()).as("seed %d", seed).isEqualTo(model.isEmpty());
        }
        while (!model.isEmpty()) {
            assertThat(queue.poll()).as("seed %d", seed).isSameAs(model.poll());
        }
        assertThat(queue.poll()).isNull();
    }

    @Test
    void releasesWhatItDrops() {
        ByteBuf first = Unpooled.buffer(8).writeByte(1);
        ByteBuf second = Unpooled.buffer(8).writeByte(2);
        queue.add(new StreamEvent.Data(first, false));
        queue.add(new StreamEvent.Trailers(new Headers()));
        queue.add(new StreamEvent.Data(second, true));

        queue.clear();

        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
        assertThat(queue.isEmpty()).isTrue();
    }
}
