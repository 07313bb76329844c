package dev.starling.runtime.loop;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;

/**
 * What we use of Netty that it has not made public. Bound when the class that uses it is loaded: with another Netty than the one
 * that is pinned that fails, in the tests too. Any thread.
 */
public final class NettyInternals {

    private NettyInternals() {}

    /**
     * @param beside a public class of the same jar
     * @throws LinkageError if there is none
     */
    public static Class<?> type(String name, Class<?> beside) {
        try {
            return Class.forName(name, false, beside.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw another(e);
        }
    }

    /** @throws LinkageError if there is none */
    public static MethodHandle method(Class<?> owner, String name, MethodType type) {
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).findVirtual(owner, name, type);
        } catch (ReflectiveOperationException e) {
            throw another(e);
        }
    }

    /** @throws LinkageError if there is none */
    public static VarHandle field(Class<?> owner, String name, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).findVarHandle(owner, name, type);
        } catch (ReflectiveOperationException e) {
            throw another(e);
        }
    }

    private static LinkageError another(ReflectiveOperationException cause) {
        return new LinkageError("another Netty than the one that is pinned", cause);
    }
}
