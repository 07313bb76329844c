package dev.starling.admin;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code /memory}: the JVM's figures under the names that Envoy has for its allocator's. Heap, metadata and code are the
 * page heap; direct buffers are allocated beside it.
 */
final class MemoryPage {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final List<BufferPoolMXBean> buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);

    AdminResponse answer(AdminRequest request) {
        MemoryUsage heap = memory.getHeapMemoryUsage();
        MemoryUsage other = memory.getNonHeapMemoryUsage();
        long direct = buffers.stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .filter(bytes -> bytes > 0)
                .sum();
        long used = heap.getUsed() + other.getUsed() + direct;
        long committed = heap.getCommitted() + other.getCommitted() + direct;
        return JsonPage.of(out -> {
            JsonPage.member("allocated", Long.toString(used), out);
            JsonPage.member("heap_size", Long.toString(committed), out);
            JsonPage.member("pageheap_unmapped", "0", out);
            JsonPage.member("pageheap_free", Long.toString(committed - used), out);
            JsonPage.member("total_thread_cache", "0", out);
            JsonPage.member("total_physical_bytes", Long.toString(resident(committed)), out);
        });
    }

    /** What the kernel says, where it says it. */
    private static long resident(long otherwise) {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(RESIDENT)) {
                    String kilobytes = line.substring(RESIDENT.length()).replace("kB", "");
                    return Long.parseLong(kilobytes.strip()) * 1024;
                }
            }
        } catch (IOException e) {
            return otherwise;
        }
        return otherwise;
    }
}
