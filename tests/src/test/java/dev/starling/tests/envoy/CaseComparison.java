package dev.starling.tests.envoy;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One case after the other: what both make of it is the same, but for the known differences. One that no longer differs must
 * leave their list.
 *
 * @param <U> the upstream
 * @param <C> what is done
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class CaseComparison<U extends Closeable, C extends CaseComparison.Case> extends Comparison<U> {

    /** What is done with each of both. */
    interface Case {
        String name();
    }

    CaseComparison(String bootstrapResource) {
        super(bootstrapResource);
    }

    abstract List<C> cases();

    /** Whether it is known to differ. */
    abstract boolean differs(C each);

    /** What a proxy makes of it, as text to compare. */
    abstract String told(C each, ProxyProcess proxy) throws IOException;

    final List<C> alike() {
        return cases().stream().filter(each -> !differs(each)).toList();
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("alike")
    final void doesTheSame(C each) throws IOException {
        proxies.assertAlike(proxy -> told(each, proxy));
    }

    @Order(3)
    @Test
    final void differsWhereItMeansTo() throws IOException {
        for (C each : cases()) {
            if (differs(each)) {
                proxies.assertDifferent(each.name(), proxy -> told(each, proxy));
            }
        }
    }
}
