package dev.starling.runtime.accesslog;

/** Whether an exchange or session is logged, or a local reply changed. */
@FunctionalInterface
public interface EntryFilter {

    boolean accepts(StreamInfo info, HeaderView request);
}
